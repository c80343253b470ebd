// Holds back rows that would appear, disappear or move until somebody taps "Show", so that nothing moves under a
// finger.
const rowsOf = (root) => [...root.querySelectorAll("[data-row]")];
const nextHref = (root) => root?.querySelector("a")?.getAttribute("href");

// Counts the rows that would appear, disappear or move. Rows that only cross the end of the page do not count.
const changesOf = (list, fresh) => {
  const [now, then] = [rowsOf(list), rowsOf(fresh)].map((rows) => rows.map((row) => row.id));
  const [stay, come] = [now.filter((id) => then.includes(id)), then.filter((id) => !now.includes(id))];
  const same = then.filter((id) => now.includes(id));
  const isInside = (ids, id, root) =>
    ids.indexOf(id) < ids.findLastIndex((one) => same.includes(one)) || !root.querySelector("[rel=next]");
  const gone = now.filter((id) => !then.includes(id) && isInside(now, id, fresh));
  const moved = stay.filter((id, at) => same[at] !== id);
  return { gone, count: gone.length + moved.length + come.filter((id) => isInside(then, id, list)).length };
};

const sayHow = (count) => {
  const words = document.getElementById("order-news");
  words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{n}", count);
  words.closest(".order-tools").classList.add("order-tools--news");
};

bind("held-news", (list) => {
  const next = () => document.getElementById("next-order");
  let held = null;

  list.addEventListener("news", ({ detail: { fresh, freshNext } }) => {
    const { gone, count } = changesOf(list, fresh);
    for (const id of gone) document.getElementById(id).dispatchEvent(new CustomEvent("row:gone", { bubbles: true }));
    const isEmptied = !rowsOf(list).length !== !rowsOf(fresh).length;
    if (!count && !isEmptied && nextHref(next()) === nextHref(freshNext)) return;
    held = { fresh, freshNext };
    sayHow(Math.max(count, 1));
  });

  list.addEventListener("click", (event) => {
    if (!held || !event.target.closest(".order-news__show")) return;
    list.replaceChildren(...held.fresh.childNodes);
    next().replaceWith(held.freshNext);
    held = null;
    htmx.process(list);
    rowsOf(list)[0]?.querySelector("a").focus({ preventScroll: true });
  });

  // A search replaces the list, so the held rows are outdated.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement.matches(".order-search")) held = null;
  });
});
