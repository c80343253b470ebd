// Marks the item of an "item:point" event and scrolls it to the middle of the screen.
bind("point-at", (pick) => {
  pick.addEventListener("item:point", ({ target: item }) => {
    pick.querySelector(".item--wanted")?.classList.remove("item--wanted");
    item.classList.add("item--wanted");
    item.closest("details")?.setAttribute("open", "");
    item.scrollIntoView({ block: "center" });
    // Items on the way change their height once they are laid out.
    requestAnimationFrame(() => item.scrollIntoView({ block: "center" }));
  });
});
