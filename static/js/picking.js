// The pick screen alive: it asks for news, keeps what is half typed, and says the number on the button.
const PERIOD = 2000;
const panel = () => document.getElementById("shipment-status");
const version = (root) => Number(root?.dataset.version ?? 0);

// Ask for news every two seconds while somebody can see it, and at once when the tablet wakes up.
const poll = () => {
  if (document.hidden || !panel() || panel().classList.contains("htmx-request")) return;
  panel().dispatchEvent(new CustomEvent("poll"));
};
setInterval(poll, PERIOD);
document.addEventListener("visibilitychange", poll);

// "Ship 3" says the number in the field, in the order of words that the page's language has.
const filled = (pattern, plain, typed) =>
  /^[1-9][0-9]{0,5}$/.test(typed) ? pattern.replace("{n}", typed) : plain;
const parts = (form) => [form.querySelector("[data-ship]"), form.querySelector(".stepper__input")];
const sayNumber = (form) => {
  const [button, input] = parts(form);
  if (!button || !input) return;
  const said = filled(button.dataset.ship, button.dataset.plain, input.value.trim());
  if (button.textContent !== said) button.textContent = said;
};

// What was in the field when it was sent.
const sentAs = new WeakMap();

// What was tapped says at once that it is under way. How it ended, the answer says.
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  const { shipping, shippingPlain } = document.querySelector(".pick")?.dataset ?? {};
  const [button, input] = form.matches?.("form") ? parts(form) : [];
  if (!button || !input || !shipping) return;
  sentAs.set(input, input.value);
  button.textContent = filled(shipping, shippingPlain, input.value.trim());
  form.closest(".item")?.setAttribute("aria-busy", "true");
});
for (const end of ["htmx:before:response", "htmx:error"]) {
  // Before others hear of it, who may tell what was sent.
  const sayAgain = ({ target }) => {
    if (!target.matches?.("form")) return;
    sayNumber(target);
    target.closest(".item")?.removeAttribute("aria-busy");
  };
  document.addEventListener(end, sayAgain, true);
}

// Quantities that somebody typed and has not sent, by the ids of their fields.
const typed = new Set();
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches(".stepper__input") || !input.form) return;
  if (input.value === input.defaultValue) typed.delete(input.id);
  else typed.add(input.id);
  sayNumber(input.form);
});

let shown = version(panel());
let whole = shown; // The version that every item on the screen has.
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  const fresh = tasks.map((task) => task.fragment?.querySelector("#shipment-status")).find(Boolean);
  if (!fresh) return;
  // An answer that was overtaken by another is older than what the screen shows: it changes nothing.
  if (version(fresh) < shown) {
    event.preventDefault();
    return;
  }
  const isNews = version(fresh) > shown;
  shown = version(fresh);
  // An answer about one item is silent about what others changed before it: the next poll asks for all that since.
  const isCounted = ctx.response.status < 400;
  const isAboutAll = ctx.sourceElement.id === "shipment-status";
  if (isAboutAll || shown <= whole + Number(isCounted)) whole = shown;
  else fresh.setAttribute("hx-get", fresh.getAttribute("hx-get").replace(/version=\d+/, `version=${whole}`));
  // What was sent is no longer typed: refused, it stands in the answer, as far as it may be sent again. What else is
  // typed stays, when news about the same item arrive.
  const sent = ctx.sourceElement.matches("form") ? ctx.sourceElement : null;
  for (const input of sent?.querySelectorAll(".stepper__input") ?? []) {
    if (isCounted || input.value === sentAs.get(input)) typed.delete(input.id);
  }
  if (isCounted) sent?.reset();
  for (const id of typed) {
    const value = document.getElementById(id)?.value ?? "";
    for (const task of tasks) {
      const field = task.fragment?.getElementById(id);
      if (!field) continue;
      field.setAttribute("value", value);
      sayNumber(field.form);
    }
  }
  if (isNews) {
    for (const follower of document.querySelectorAll("[data-follows-status]")) {
      follower.dispatchEvent(new CustomEvent("changed"));
    }
  }
});

// What opens at the panel's end is brought into view.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.matches(".status__all")) event.target.scrollIntoView({ block: "nearest" });
  },
  true,
);

// When the control that had the focus is gone with the last unit, the item takes it, also where a colleague shipped that:
// the walk goes on from there. So does what was taken back from elsewhere. What concerns no item leaves it to the page.
let held = "";
const isSent = (source) => source?.matches?.("form[method=post]");
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  const answered = tasks.map((task) => task.fragment?.querySelector(".item")?.id).find(Boolean);
  held = document.activeElement?.closest(".item")?.id ?? (isSent(ctx.sourceElement) ? answered : null) ?? "";
});
document.addEventListener("htmx:after:swap", (event) => {
  if (document.activeElement !== document.body) return;
  const source = event.detail.ctx.sourceElement;
  const item = source?.closest?.(".item") ?? document.getElementById(held);
  if (item || isSent(source)) (item ?? document.getElementById("main")).focus({ preventScroll: true });
});
