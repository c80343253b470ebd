// Updates rows of the order list that keep their place: the parts with data-live="name". A part that would resize its
// row waits, and so does one that has the focus.
const replaceInPlace = (old, fresh, box) => {
  if (!old || !fresh || old.isEqualNode(fresh) || old.contains(document.activeElement)) return;
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const put = fresh.cloneNode(true);
  old.replaceWith(put);
  if (box.offsetWidth !== width || box.offsetHeight !== height) put.replaceWith(old);
};

const renewRow = (row, fresh) => {
  row.className = fresh.className;
  for (const old of row.querySelectorAll("[data-live]")) {
    replaceInPlace(old, fresh.querySelector(`[data-live="${old.dataset.live}"]`), row);
  }
};

const renewCounts = (list, fresh) => {
  const links = [...fresh.querySelectorAll(".filters__link")];
  for (const [at, link] of [...list.querySelectorAll(".filters__link")].entries()) {
    replaceInPlace(link.querySelector(".filters__count"), links[at]?.querySelector(".filters__count"), link);
  }
};

const renewNext = (next, fresh) => {
  const href = (root) => root?.querySelector("a")?.getAttribute("href");
  if (href(next) === href(fresh)) replaceInPlace(next.firstElementChild, fresh.firstElementChild, next);
};

const sayGone = (row, words) => {
  const due = row.querySelector('[data-live="due"]');
  const gone = due.cloneNode();
  gone.textContent = words;
  row.classList.add("order--gone");
  replaceInPlace(due, gone, row);
};

bind("live-parts", (list) => {
  list.addEventListener("news", ({ detail: { fresh, freshNext } }) => {
    for (const row of list.querySelectorAll("[data-row]")) {
      const same = fresh.querySelector(`[id="${row.id}"]`);
      if (same) renewRow(row, same);
    }
    renewCounts(list, fresh);
    renewNext(document.getElementById("next-order"), freshNext);
  });
  list.addEventListener("row:gone", ({ target: row }) => {
    sayGone(row, document.getElementById("order-news").dataset.gone);
  });
});
