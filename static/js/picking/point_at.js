// Marks the item that "item:point" is for, and brings it to the middle of the screen.
bind("point-at", (pick) => {
  pick.addEventListener("item:point", ({ target: item }) => {
    pick.querySelector(".item--wanted")?.classList.remove("item--wanted");
    item.classList.add("item--wanted");
    item.closest("details")?.setAttribute("open", "");
    item.scrollIntoView({ block: "center" });
    // What it passed by has another height once it is drawn.
    requestAnimationFrame(() => item.scrollIntoView({ block: "center" }));
  });
});
