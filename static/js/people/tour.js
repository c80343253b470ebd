// Shows a tour one step at a time and marks what each step points at. Without this script all steps are listed.
const targetOf = (step) => {
  const selector = step.dataset.tourStep;
  if (!selector) return null;
  // Selectors are in order of preference, so try each one separately.
  for (const one of selector.split(", ")) {
    const target = [...document.querySelectorAll(one)].find((element) => element.checkVisibility());
    if (target) return target;
  }
  return null;
};

bind("tour", (card) => {
  const steps = [...card.querySelectorAll("[data-tour-step]")];
  const count = card.querySelector("[data-tour-count]");
  const [back, next] = ["-1", "1"].map((way) => card.querySelector(`[data-tour-go="${way}"]`));
  let at = steps.findIndex((step) => step.hasAttribute("data-shown"));

  const mark = (isMoved) => {
    document.querySelector(".tour-target")?.classList.remove("tour-target");
    const target = targetOf(steps[at]);
    target?.classList.add("tour-target");
    if (isMoved) target?.scrollIntoView({ block: "nearest" });
  };

  const show = () => {
    for (const [n, step] of steps.entries()) step.toggleAttribute("data-shown", n === at);
    count.textContent = count.dataset.tourCount.replace("{n}", String(at + 1)).replace("{of}", String(steps.length));
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    mark(true);
  };

  card.addEventListener("click", (event) => {
    const way = event.target.closest("[data-tour-go]");
    if (!way) return;
    at = Math.min(Math.max(at + Number(way.dataset.tourGo), 0), steps.length - 1);
    show();
    // If the focused button disappears, the other one gets the focus.
    if (way.hidden) (way === next ? card.querySelector("form button") : next).focus();
  });

  // A redrawn panel loses its mark.
  document.addEventListener("htmx:after:swap", () => mark(false));

  mark(false);
});
