// Takes news of the order list: a poll's response is passed on as the event "news" instead of being swapped in, if it
// belongs to the present list and nobody is touching it.
bind("news", (list) => {
  const isCalm = () => list.dispatchEvent(new CustomEvent("news:before", { cancelable: true }));

  const take = (fragment) => {
    const [fresh, freshNext] = [fragment.querySelector("#order-list"), fragment.querySelector("#next-order")];
    if (!fresh || fresh.dataset.news !== list.dataset.news || !isCalm()) return;
    list.dispatchEvent(new CustomEvent("news", { detail: { fresh, freshNext } }));
    list.dataset.seen = fresh.dataset.seen;
  };

  list.addEventListener("htmx:before:swap", (event) => {
    if (event.target !== list) return;
    event.preventDefault();
    for (const { fragment } of event.detail.tasks) if (fragment) take(fragment);
  });
});
