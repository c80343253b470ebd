// In a row that scrolls sideways, what gets the focus is brought into view whole: browsers are content with a corner of it.
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".filters")) event.target.scrollIntoView({ block: "nearest", inline: "center" });
});
