// Marks the item of an "item:point" event and scrolls it to the middle of the screen.
bind("point-at", (pick) => {
  pick.addEventListener("item:point", ({ target: item }) => {
    pick.querySelector(".item--target")?.classList.remove("item--target");
    item.classList.add("item--target");
    item.closest("details")?.setAttribute("open", "");
    item.scrollIntoView({ block: "center" });
    // Items on the way change their height once they are laid out.
    requestAnimationFrame(() => item.scrollIntoView({ block: "center" }));
  });
});
