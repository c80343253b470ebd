// The list of orders alive. News change what stands in a row; a row that would come, go or move waits until somebody taps
// "Show", so that nothing moves under a finger.
const PERIOD = 10_000;
const SOON = 1_000;
const CALM = 1_500;
const PARTS = [".order__name", ".order__due", ".order__status", ".order__units"];

const list = () => document.getElementById("order-list");
const next = () => document.getElementById("next-order");
const rowsOf = (root) => [...root.querySelectorAll("[data-row]")];
const search = document.querySelector(".order-search");

let isDown = false;
let touched = -Infinity;
let held = null;

for (const [name, down] of Object.entries({ pointerdown: true, pointerup: false, pointercancel: false, scroll: false })) {
  document.addEventListener(
    name,
    () => {
      isDown = down;
      touched = performance.now();
    },
    { capture: true, passive: true },
  );
}
const isCalm = () =>
  !isDown && performance.now() - touched > CALM && !document.querySelector("details[open], dialog[open]");

// Ask for news while somebody can see the list and nobody is about to touch it.
const poll = () => {
  const mayAsk = !document.hidden && list() && isCalm() && !document.querySelector(".htmx-request");
  if (mayAsk) list().dispatchEvent(new CustomEvent("poll"));
  setTimeout(poll, mayAsk || document.hidden ? PERIOD : SOON);
};
setTimeout(poll, PERIOD);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) list()?.dispatchEvent(new CustomEvent("poll"));
});
document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (sourceElement === list()) request.body.set("seen", list().dataset.seen);
});

// Put `fresh` in place of `old`, unless that would change the size of the box around it.
const replaceInPlace = (old, fresh, box) => {
  if (!old || !fresh || old.isEqualNode(fresh) || old.contains(document.activeElement)) return;
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const put = fresh.cloneNode(true);
  old.replaceWith(put);
  if (box.offsetWidth !== width || box.offsetHeight !== height) put.replaceWith(old);
};

const renew = (row, fresh) => {
  row.className = fresh.className;
  for (const part of PARTS) replaceInPlace(row.querySelector(part), fresh.querySelector(part), row);
};

const sayGone = (row) => {
  const due = row.querySelector(".order__due");
  const gone = due.cloneNode();
  gone.textContent = document.getElementById("order-news").dataset.gone;
  row.classList.add("order--gone");
  replaceInPlace(due, gone, row);
};

// How many rows would come, go or move. What only slips over the end of the page does not count.
const changesOf = (fresh) => {
  const [now, then] = [rowsOf(list()), rowsOf(fresh)].map((rows) => rows.map((row) => row.id));
  const [stay, come] = [now.filter((id) => then.includes(id)), then.filter((id) => !now.includes(id))];
  const same = then.filter((id) => now.includes(id));
  const isInside = (ids, id, root) =>
    ids.indexOf(id) < ids.findLastIndex((one) => same.includes(one)) || !root.querySelector("[rel=next]");
  const gone = now.filter((id) => !then.includes(id) && isInside(now, id, fresh));
  const moved = stay.filter((id, at) => same[at] !== id);
  return { gone, count: gone.length + moved.length + come.filter((id) => isInside(then, id, list())).length };
};

const hold = (fresh, count) => {
  const told = document.getElementById("order-news");
  held = fresh;
  told.textContent = count === 1 ? told.dataset.one : told.dataset.many.replace("{n}", count);
  told.closest(".order-tools").classList.add("order-tools--news");
};

const takeNews = (fragment) => {
  const [fresh, freshNext] = [fragment.querySelector("#order-list"), fragment.querySelector("#next-order")];
  if (!fresh || fresh.dataset.news !== list().dataset.news || !isCalm()) return;
  const { gone, count } = changesOf(fresh);
  const byId = new Map(rowsOf(fresh).map((row) => [row.id, row]));
  for (const row of rowsOf(list())) {
    if (byId.has(row.id)) renew(row, byId.get(row.id));
    else if (gone.includes(row.id)) sayGone(row);
  }
  const links = [...fresh.querySelectorAll(".filters__link")];
  for (const [at, link] of [...list().querySelectorAll(".filters__link")].entries()) {
    replaceInPlace(link.querySelector(".filters__count"), links[at]?.querySelector(".filters__count"), link);
  }
  const href = (root) => root?.querySelector("a")?.getAttribute("href");
  const isSameNext = href(next()) === href(freshNext);
  if (isSameNext) replaceInPlace(next().firstElementChild, freshNext.firstElementChild, next());
  list().dataset.seen = fresh.dataset.seen;
  const isEmptied = !rowsOf(list()).length !== !rowsOf(fresh).length;
  if (count || isEmptied || !isSameNext) hold({ fresh, freshNext }, Math.max(count, 1));
};

document.addEventListener("click", (event) => {
  if (!held || !event.target.closest(".order-news__show")) return;
  list().replaceWith(held.fresh);
  next().replaceWith(held.freshNext);
  held = null;
  htmx.process(list());
  rowsOf(list())[0]?.querySelector("a").focus({ preventScroll: true });
});

document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  if (ctx.sourceElement !== list()) return;
  event.preventDefault();
  for (const task of tasks) if (task.fragment) takeNews(task.fragment);
});

// A search replaces the list, and what was held back of it. A number typed or scanned as a whole opens its order.
let wanted = null;
search?.addEventListener("submit", () => (wanted = search.elements.search.value.trim().toLowerCase()), true);
search?.addEventListener("input", () => (wanted = null));
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement !== search) return;
  held = null;
  showCurrentView();
  const links = [...list().querySelectorAll(".order__number")];
  const exact = links.filter((link) => link.textContent.trim().toLowerCase() === wanted);
  if (exact.length === 1) exact[0].click();
});

// Where the views are wider than the screen, the current one is in sight.
const showCurrentView = () => {
  const views = list()?.querySelector(".filters");
  const current = views?.querySelector("[aria-current]");
  if (current) views.scrollLeft = current.offsetLeft - (views.clientWidth - current.offsetWidth) / 2;
};
showCurrentView();

// What is folded out is folded in again by Escape, or by a tap beside it.
const tools = () => document.querySelector(".order-tools__more[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !tools()) return;
  const summary = tools().querySelector("summary");
  tools().open = false;
  summary.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (tools() && !tools().contains(event.target)) tools().open = false;
});
