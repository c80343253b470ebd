// What is folded out above the list is folded in again by Escape, or by a tap beside it.
bind("tools", (list) => {
  const tools = () => list.querySelector(".order-tools__more[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !tools()) return;
    const summary = tools().querySelector("summary");
    tools().open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (tools() && !tools().contains(event.target)) tools().open = false;
  });
});
