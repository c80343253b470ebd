// Polls for news of the order list while it is visible and nobody is about to touch it. Most polls only ask whether
// somebody has taken or left an order; every few of them compare the whole list.
const PERIOD = 2_500;
const SOON = 1_000;
const WHOLE = 4;

bind("news-poll", (list) => {
  let polls = 0;
  let whose = ""; // The mark of who has which order, as the last answer gave it.
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
    if (target !== list) return;
    polls += 1;
    detail.ctx.request.body.set("seen", list.dataset.seen);
    if (whose && polls % WHOLE) detail.ctx.request.body.set("whose", whose);
  });
  list.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (target === list) whose = detail.ctx.response?.headers?.get("Packbench-Whose") ?? whose;
  });
});
