// Polls for news of the order list while it is visible and nobody is about to touch it.
const PERIOD = 10_000;
const SOON = 1_000;

bind("news-poll", (list) => {
  const ask = () => list.dispatchEvent(new CustomEvent("poll"));
  const isCalm = () => list.dispatchEvent(new CustomEvent("news:before", { cancelable: true }));

  const poll = () => {
    const mayAsk = !document.hidden && isCalm() && !document.querySelector(".htmx-request");
    if (mayAsk) ask();
    setTimeout(poll, mayAsk || document.hidden ? PERIOD : SOON);
  };
  setTimeout(poll, PERIOD);
  document.addEventListener("visibilitychange", () => document.hidden || ask());

  list.addEventListener("htmx:config:request", ({ target, detail }) => {
    if (target === list) detail.ctx.request.body.set("seen", list.dataset.seen);
  });
});
