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

// "Ship 3" says the number in the field.
const sayNumber = (form) => {
  const button = form.querySelector("[data-ship]");
  const input = form.querySelector(".stepper__input");
  if (!button || !input) return;
  const typed = input.value.trim();
  button.lastChild.textContent = /^[1-9][0-9]{0,5}$/.test(typed) ? `${button.dataset.ship} ${typed}` : button.dataset.ship;
};

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
  // What was sent and counted is no longer typed; what else is stays, when news about the same item arrive.
  const sent = ctx.response.status < 400 && ctx.sourceElement.matches("form") ? ctx.sourceElement : null;
  for (const input of sent?.querySelectorAll(".stepper__input") ?? []) typed.delete(input.id);
  sent?.reset();
  for (const id of typed) {
    const value = document.getElementById(id)?.value ?? "";
    for (const task of tasks) task.fragment?.getElementById(id)?.setAttribute("value", value);
  }
  if (isNews) {
    for (const follower of document.querySelectorAll("[data-follows-status]")) {
      follower.dispatchEvent(new CustomEvent("changed"));
    }
  }
});
document.addEventListener("htmx:after:swap", () => {
  for (const button of document.querySelectorAll("[data-ship]")) sayNumber(button.form);
});

// What opens at the panel's end is brought into view.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
  },
  true,
);

// A scan jumps to its item without a round trip. What is done or not here the server tells, beside the field alone, so
// that nothing half typed is lost.
const scan = document.querySelector(".scan");
const code = (text) => text.trim().toLowerCase().replace(/^0+/, "");
const pointAt = (item) => {
  document.querySelector(".item--wanted")?.classList.remove("item--wanted");
  item.classList.add("item--wanted");
  item.closest("details")?.setAttribute("open", "");
  item.scrollIntoView({ block: "center" });
};
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== scan) return;
    const wanted = code(scan.elements.scan.value);
    const items = [...document.querySelectorAll(".item")].filter((one) =>
      one.querySelector(".item__codes").textContent.split(" · ").some((text) => wanted && code(text) === wanted),
    );
    const open = items.find((one) => !one.matches(".item--done"));
    if (!open) {
      if (items.length) pointAt(items[0]);
      scan.elements.scan.select();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    scan.elements.scan.value = "";
    document.getElementById("scan-message").textContent = "";
    pointAt(open);
    open.focus({ preventScroll: true });
  },
  true,
);

// A scanner types: where no field has the focus, what it types goes into the scan field.
document.addEventListener("keydown", (event) => {
  const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isText && scan && document.activeElement.matches("body, main, .item")) scan.elements.scan.focus();
});

// When the control that had the focus is gone with the last unit, the item takes it: the walk goes on from there.
document.addEventListener("htmx:after:swap", (event) => {
  const item = document.activeElement === document.body && event.detail.ctx.sourceElement?.closest?.(".item");
  if (item) item.focus({ preventScroll: true });
});
