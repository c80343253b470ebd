// Moves the focus to the item when its focused control disappears with the last unit, even if a colleague shipped it,
// so that picking continues there. An item undone from elsewhere gets the focus too; anything else leaves it to the
// page.
// A swap may turn the focused control into one that is hidden.
const hasFocus = () => document.activeElement !== document.body && document.activeElement.checkVisibility();
const isSent = (source) => source?.matches?.("form[method=post]");

bind("return-focus", () => {
  let held = "";
  document.addEventListener("htmx:before:swap", (event) => {
    const { tasks, ctx } = event.detail;
    const answered = tasks.map((task) => task.fragment?.querySelector(".item")?.id).find(Boolean);
    held = document.activeElement?.closest(".item")?.id ?? (isSent(ctx.sourceElement) ? answered : null) ?? "";
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (hasFocus()) return;
    const source = event.detail.ctx.sourceElement;
    const item = source?.closest?.(".item") ?? document.getElementById(held);
    if (item || isSent(source)) (item ?? document.getElementById("main")).focus({ preventScroll: true });
  });
});
