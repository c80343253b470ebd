// Scrolls the focused link of a sideways scrolling row into full view: browsers stop at a corner of it.
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".filters")) event.target.scrollIntoView({ block: "nearest", inline: "center" });
});
