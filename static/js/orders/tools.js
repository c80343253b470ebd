// Closes what is unfolded above the list on Escape, or on a tap outside it.
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
