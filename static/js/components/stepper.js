// The − and + buttons of a quantity stepper: a tap is one unit; held down, they repeat ever faster, up to the bounds.
// Listens on the document, so it also serves steppers that htmx swaps in later.
const WAIT = 450;
const PERIODS = [160, 110, 70, 45];
const AFTER = 6; // Steps until the period shortens.

const inputOf = (button) => button.closest("[data-stepper]").querySelector("input");

// Returns whether the value could change.
const step = (input, by) => {
  const least = Number(input.dataset.least);
  const most = Number(input.dataset.most);
  const typed = /^\d+$/.test(input.value) ? Number(input.value) : least - by;
  const next = String(Math.min(Math.max(typed + by, least), most));
  if (next === input.value) return false;
  input.value = next;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
};

const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));

let held = null; // The key held down, its timer, and its steps so far.

const release = () => {
  if (!held) return;
  clearTimeout(held.timer);
  if (held.steps && held.input.isConnected) changed(held.input);
  held = null;
};

const goOn = () => {
  const { button, input } = held;
  if (!button.isConnected || !step(input, Number(button.dataset.step))) {
    clearTimeout(held.timer);
    return;
  }
  held.steps += 1;
  held.timer = setTimeout(goOn, PERIODS[Math.min(Math.floor(held.steps / AFTER), PERIODS.length - 1)]);
};

let wasHeld = null; // The click that follows the release must not step again.

document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-step]");
  wasHeld = null;
  if (!button || event.button !== 0) return;
  release();
  held = { button, input: inputOf(button), steps: 0, timer: setTimeout(goOn, WAIT) };
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (held?.steps) wasHeld = held.button;
    release();
  });
}
document.addEventListener("pointerout", (event) => {
  if (event.target.closest("[data-step]") === held?.button && !held?.button.contains(event.relatedTarget)) release();
});
document.addEventListener("scroll", release, { capture: true, passive: true });
document.addEventListener("visibilitychange", release);
addEventListener("blur", release);

// A long press would open the browser's context menu.
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest("[data-step]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  if (button === wasHeld) {
    wasHeld = null;
    return;
  }
  const input = inputOf(button);
  step(input, Number(button.dataset.step));
  changed(input);
});

// The arrow keys step too, while the number has the focus.
document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!by || event.altKey || event.ctrlKey || event.metaKey || !event.target.matches?.("[data-stepper] input")) return;
  event.preventDefault();
  if (step(event.target, by)) changed(event.target);
});
