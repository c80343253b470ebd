// Keyboard shortcuts, as the page itself declares them. Nothing is fixed here, so that help lists what really works:
//
//   data-shortcut="n"           a link or button is pressed, a field takes the focus: the first that can be seen
//   data-shortcut="g o"         two keys, one after the other
//   data-shortcut-label="…"     what help says, where the element's own words (or its label) say too little
//   data-walk="Next, previous"  j and k move from row to row in here, and the arrows once the focus is in one; the value
//                               is what help says; Enter then opens the row as it opens any link
//   data-row                    a row to walk to: its first link takes the focus. Shortcuts of elements in a row work
//                               for the row that has the focus, or else for the first one
//   data-shortcuts-switch       a checkbox: ticked while single keys work. The choice is kept on the device (WCAG 2.1.4)
//
// A page with this script has its list in `shortcuts()`: [{keys: ["g o"], label: "Orders"}, {keys: ["j", "k"], …}].
// Nothing happens while somebody types in a field, and a scanner's burst of keys presses nothing.
const OFF = "packbench-shortcuts-off";
const BURST = 70;
const SEQUENCE = 1500;
const FIELDS = "input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea, select";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

const scope = () => document.querySelector("dialog:modal") ?? document;
const isTyping = () => document.activeElement?.matches(`${FIELDS}, [contenteditable=true]`);
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

export const areOn = () => {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true; // Storage is shut (private mode).
  }
};

const labelOf = (element) =>
  element.dataset.shortcutLabel ??
  element.getAttribute("aria-label") ??
  (element.labels?.[0] ?? element).textContent.replace(/\s+/g, " ").trim();

// What works on this page now, each once, in the order of the page.
export const shortcuts = () => {
  const listed = new Map();
  for (const element of document.querySelectorAll("[data-walk], [data-shortcut]")) {
    const keys = element.dataset.shortcut ? [element.dataset.shortcut] : ["j", "k"];
    const label = element.dataset.shortcut ? labelOf(element) : element.dataset.walk;
    if (isSeen(element) && !listed.has(keys[0])) listed.set(keys[0], { keys, label });
  }
  return [...listed.values()];
};

const found = (keys) => {
  const row = document.activeElement?.closest("[data-row]");
  for (const root of [row, scope()]) {
    const own = [...(root?.querySelectorAll("[data-shortcut]") ?? [])];
    const element = own.find((one) => one.dataset.shortcut === keys && isSeen(one));
    if (element) return element;
  }
  return null;
};

const press = (element) => {
  if (!element.matches(FIELDS)) return element.click();
  element.focus();
  element.select?.();
};

const walk = (step) => {
  const rows = [...scope().querySelectorAll("[data-walk] [data-row]")].filter(isSeen);
  const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.querySelector("a[href], button")?.focus();
};

let typed = []; // Keys since the last pause, so that a scanner's burst can be told from a person's key.
let begun = ""; // The first key of two.
let timer;

const act = () => {
  const keys = [begun, ...typed].filter(Boolean).join(" ");
  const isBurst = typed.length > 2;
  [typed, begun] = [[], ""];
  if (isBurst || isTyping()) return;
  const element = found(keys);
  if (element) press(element);
  else if (keys in STEPS) walk(STEPS[keys]);
  else if ([...scope().querySelectorAll("[data-shortcut]")].some((one) => one.dataset.shortcut.startsWith(`${keys} `))) {
    begun = keys;
    timer = setTimeout(() => (begun = ""), SEQUENCE);
  }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping() || !areOn()) return;
  if (event.key.startsWith("Arrow")) {
    // Elsewhere the arrows scroll, as ever.
    if (!(event.key in STEPS) || !document.activeElement?.closest("[data-walk] [data-row]")) return;
    event.preventDefault();
    walk(STEPS[event.key]);
    return;
  }
  if (event.key.length !== 1 || event.key === " ") return;
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  if (event.repeat) {
    if (key in STEPS) walk(STEPS[key]);
    return;
  }
  if (found(key)) {
    event.preventDefault(); // "/" is the browser's own search otherwise.
    event.stopImmediatePropagation(); // Nor is it typed into a field that takes what is typed nowhere.
  }
  clearTimeout(timer);
  typed.push(key);
  timer = setTimeout(act, BURST);
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
    // As above: the choice cannot be kept.
  }
  show();
});
document.addEventListener("dialog:opened", show);
show();
