// Folds finished items away once nobody has touched the screen for a while, so that nothing moves under a finger. Until
// then a finished item keeps its height. An undone item returns to its place.
const IDLE = 4000;

bind("fold-done", (list) => {
  const done = document.getElementById("done");
  const doneItems = document.getElementById("done-items");
  const before = new WeakMap();
  const heights = new Map(); // Of items that were finished on this page, by id.
  let touched = 0;
  let folding = 0;
  for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) {
    addEventListener(sign, () => (touched = performance.now()), { capture: true, passive: true });
  }

  // Picking continues at the next item, or after the last at the link that follows.
  const next = () =>
    list.querySelector(".item") ?? document.querySelector(".pick__end a") ?? document.getElementById("main");

  const fold = (item) => {
    if (item.querySelector(".notice") || item.closest(".htmx-request")) return;
    const hasFocus = item.contains(document.activeElement);
    const place = document.createComment("");
    item.replaceWith(place);
    before.set(item, place);
    item.style.minHeight = "";
    doneItems.prepend(item);
    if (hasFocus) next().focus({ preventScroll: true });
  };

  const bringBack = (item) => {
    const place = before.get(item);
    if (place?.isConnected) place.replaceWith(item);
    else list.prepend(item);
    item.scrollIntoView({ block: "nearest" });
  };

  const showDone = () => (done.hidden = !doneItems.children.length);

  const foldAll = () => {
    const left = touched + IDLE - performance.now();
    folding = left > 0 ? setTimeout(foldAll, left) : 0;
    if (folding) return;
    list.querySelectorAll(".item--done").forEach(fold);
    showDone();
  };

  const noteHeights = ({ detail }) => {
    const items = detail.tasks.flatMap((task) => [...(task.fragment?.querySelectorAll(".item--done") ?? [])]);
    for (const { id } of items) {
      const item = document.getElementById(id);
      if (item && !item.matches(".item--done")) heights.set(id, item.getBoundingClientRect().height);
    }
  };
  const keepHeights = () => {
    for (const id of heights.keys()) {
      const item = document.getElementById(id);
      item.style.minHeight = item.matches("#to-do .item--done") ? `${heights.get(id)}px` : "";
    }
  };

  document.addEventListener("htmx:before:swap", noteHeights);
  document.addEventListener("htmx:after:swap", () => {
    doneItems.querySelectorAll(".item:not(.item--done)").forEach(bringBack);
    keepHeights();
    showDone();
    if (!folding && list.querySelector(".item--done")) folding = setTimeout(foldAll, IDLE);
  });
});
