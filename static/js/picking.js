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

// An answer that is older than what the screen shows (it was overtaken by another) changes nothing.
let shown = version(panel());
document.addEventListener("htmx:before:swap", (event) => {
  const fresh = event.detail.tasks.map((task) => task.fragment?.querySelector("#shipment-status")).find(Boolean);
  if (!fresh) return;
  if (version(fresh) < shown) {
    event.preventDefault();
    return;
  }
  const isNews = version(fresh) > shown;
  shown = version(fresh);
  if (event.detail.ctx.response?.status < 400) event.detail.ctx.sourceElement?.closest?.("form")?.reset();
  if (isNews) {
    for (const follower of document.querySelectorAll("[data-follows-status]")) {
      follower.dispatchEvent(new CustomEvent("changed"));
    }
  }
});

// What somebody is typing stays, focused or not, when news about the same item arrive.
document.addEventListener("htmx:before:morph:attr", (event) => {
  const input = event.target;
  if (event.detail.attrName === "value" && input.matches(".stepper__input") && input.value !== input.defaultValue) {
    event.preventDefault();
  }
});

// "Ship 3" says the number in the field.
const sayNumber = (form) => {
  const button = form.querySelector("[data-ship]");
  const input = form.querySelector(".stepper__input");
  if (button && input) button.lastChild.textContent = `${button.dataset.ship} ${input.value.trim()}`.trim();
};
document.addEventListener("input", (event) => {
  if (event.target.matches(".stepper__input") && event.target.form) sayNumber(event.target.form);
});
document.addEventListener("htmx:after:swap", () => {
  for (const button of document.querySelectorAll("[data-ship]")) sayNumber(button.form);
});
