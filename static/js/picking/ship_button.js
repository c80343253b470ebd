// Shows the quantity field's number on the ship button, "Ship 3", and a progress label once it is tapped. The button
// brings the labels, their word order, and the numbers it can show.
const partsOf = (form) => [form.querySelector("[data-ship]"), form.querySelector(".stepper__input")];
const say = ([button, field], pattern, plain) => {
  const typed = field.value.trim();
  const isSayable = new RegExp(`^(?:${button.dataset.sayable})$`).test(typed);
  const words = isSayable ? pattern.replace("{n}", typed) : plain;
  if (button.textContent !== words) button.textContent = words;
};
const sayNumber = (form) => {
  const [button, field] = partsOf(form);
  if (button && field) say([button, field], button.dataset.ship, button.dataset.plain);
};

document.addEventListener("input", ({ target: field }) => {
  if (field.matches(".stepper__input") && field.form) sayNumber(field.form);
});

// The response says how it ended.
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  const { shipping, shippingPlain } = document.querySelector("[data-shipping]")?.dataset ?? {};
  const [button, field] = form.matches?.("form") ? partsOf(form) : [];
  if (!button || !field || !shipping) return;
  say([button, field], shipping, shippingPlain);
  form.closest(".item")?.setAttribute("aria-busy", "true");
});
for (const end of ["htmx:before:response", "htmx:error"]) {
  // Runs before other listeners, which may name what was sent.
  const sayAgain = ({ target }) => {
    if (!target.matches?.("form")) return;
    sayNumber(target);
    target.closest(".item")?.removeAttribute("aria-busy");
  };
  document.addEventListener(end, sayAgain, true);
}

// A redrawn panel may hold a typed quantity.
document.addEventListener("htmx:before:swap", (event) => {
  for (const { fragment } of event.detail.tasks) {
    for (const button of fragment?.querySelectorAll("form [data-ship]") ?? []) sayNumber(button.closest("form"));
  }
});
