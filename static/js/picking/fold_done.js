// Folds finished items away once nobody has touched the screen for a while, so that nothing moves under a finger. Until
// then a finished item keeps its height, and the summary does not count it. An undone item returns to its place.
const IDLE = 4000;

bind("fold-done", (list) => {
  const done = document.getElementById("done");
  const doneItems = document.getElementById("done-items");
  const before = new WeakMap();
  const heights = new Map(); // Of items that were finished on this page, by id.
  const words = document.getElementById("done-words");
  let shown = words.cloneNode(true); // The summary's words for what is folded away,
  let latest = shown; // and for all that is finished. Both are copies: htmx changes the words where they stand.
  let isNews = false;
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

  const showWords = () => words.replaceChildren(...shown.cloneNode(true).childNodes);
  const showDone = () => {
    done.hidden = !doneItems.children.length;
    shown = latest;
    showWords();
  };

  // An answer's summary counts all that is finished; it waits until that is folded away, unless an item came back.
  const holdWords = (isBack) => {
    if (!isNews) return;
    latest = words.cloneNode(true);
    if (isBack || !list.querySelector(".item--done")) shown = latest;
    showWords();
  };

  const foldAll = () => {
    const left = touched + IDLE - performance.now();
    folding = left > 0 ? setTimeout(foldAll, left) : 0;
    if (folding) return;
    list.querySelectorAll(".item--done").forEach(fold);
    showDone();
  };

  const noteBefore = ({ detail }) => {
    isNews = detail.tasks.some((task) => task.fragment?.querySelector("#done-words"));
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

  document.addEventListener("htmx:before:swap", noteBefore);
  document.addEventListener("htmx:after:swap", () => {
    const back = doneItems.querySelectorAll(".item:not(.item--done)");
    back.forEach(bringBack);
    keepHeights();
    done.hidden = !doneItems.children.length;
    holdWords(back.length > 0);
    if (!folding && list.querySelector(".item--done")) folding = setTimeout(foldAll, IDLE);
  });
});
