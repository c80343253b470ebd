// Buttons that print the page. Without scripts they are hidden: the browser has its own.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) print();
});
