// Keyboard shortcuts, declared by the page's own markup; webapp/web/shortcuts.py lists them for the help page:
//
//   data-shortcut="n"           presses a link or button, or focuses a field: the first visible one
//   data-shortcut="g o"         two keys, one after the other
//   data-rows                   j and k move between the rows inside, and so do the arrows once a row has the focus;
//                               Enter opens the row like any link
//   data-row                    a row to move to: its first link gets the focus. Shortcuts of elements in a row act on
//                               the focused row, or else on the first one
//   data-shortcuts-switch       a checkbox: ticked while single keys work; stored per device (WCAG 2.1.4)
//
// Does nothing while somebody types in a field. Keys wait for "keys:rest", so a scan presses nothing.
const OFF = "packbench-shortcuts-off";
const SEQUENCE = 1500;
const FIELDS = "input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea, select";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

const scope = () => document.querySelector("dialog:modal") ?? document;
const isTyping = () => document.activeElement?.matches(`${FIELDS}, [contenteditable=true]`);
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

const areOn = () => {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true; // Storage is blocked (private mode).
  }
};

const elementFor = (keys) => {
  const row = document.activeElement?.closest("[data-row]");
  for (const root of [row, scope()]) {
    const own = [...(root?.querySelectorAll("[data-shortcut]") ?? [])];
    const element = own.find((one) => one.dataset.shortcut === keys && isSeen(one));
    if (element) return element;
  }
  return null;
};

const isFirstOfTwo = (keys) =>
  [...scope().querySelectorAll("[data-shortcut]")].some((one) => one.dataset.shortcut.startsWith(`${keys} `));

const press = (element) => {
  if (!element.matches(FIELDS)) return element.click();
  element.focus();
  element.select?.();
};

const move = (step) => {
  const rows = [...scope().querySelectorAll("[data-rows] [data-row]")].filter(isSeen);
  const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.querySelector("a[href], button")?.focus();
};

let typed = []; // Keys since the last pause.
let begun = ""; // The first key of two.
let timer;

const act = () => {
  const keys = [begun, ...typed].filter(Boolean).join(" ");
  const steps = begun ? [] : typed.map((key) => STEPS[key]);
  const isLong = typed.length > 2;
  clearTimeout(timer);
  [typed, begun] = [[], ""];
  if (!keys || isTyping()) return;
  const element = elementFor(keys);
  if (element && !isLong) press(element);
  else if (steps.length && steps.every(Boolean)) steps.forEach(move);
  else if (!isLong && isFirstOfTwo(keys)) {
    begun = keys;
    timer = setTimeout(() => (begun = ""), SEQUENCE);
  }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping() || !areOn()) return;
  if (event.key.startsWith("Arrow")) {
    // Elsewhere the arrows scroll as usual.
    if (!(event.key in STEPS) || !document.activeElement?.closest("[data-rows] [data-row]")) return;
    event.preventDefault();
    move(STEPS[event.key]);
    return;
  }
  if (event.key.length !== 1 || event.key === " ") return;
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  if (event.repeat) {
    if (key in STEPS) move(STEPS[key]);
    return;
  }
  if (elementFor(key)) {
    event.preventDefault(); // "/" would open the browser's own search.
    event.stopImmediatePropagation(); // Nor may it be typed into the scan field.
  }
  typed.push(key);
});
document.addEventListener("keys:rest", ({ detail }) => {
  if (detail.isScan) typed = [];
  else act();
});

const show = () => {
  for (const box of document.querySelectorAll("[data-shortcuts-switch]")) box.checked = areOn();
};
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shortcuts-switch]")) return;
  try {
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // As above: the choice is lost.
  }
  show();
});
document.addEventListener("dialog:opened", show);
show();
