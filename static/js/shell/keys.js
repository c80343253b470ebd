// Tells a barcode scanner from a person by what follows a key. Both type like a keyboard; a scanner types many keys, at
// most PAUSE apart, and ends with Enter. So Enter soon after a character ends a scan ("keys:entered"); by itself it is
// a person's, and works at once. A blank on a button waits for the pause, then presses it. So do shortcuts
// ("keys:rest"). In a text of several lines Enter is a line's end; after it, as after Tab, the next Enter is the scan's.
const PAUSE = 180; // Milliseconds; a slow scanner needs 150.
const LATE = 40; // A timer that comes later was held up, and so may keys be.
const FAST = 100; // No fingers type a whole code as fast.
const SILENT = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Unidentified"];
const BUTTONS = "button, summary, input:is([type=button], [type=submit], [type=checkbox], [type=radio])";
const LINES = "textarea";
const TEXT = "textarea, input:not([type=button], [type=submit], [type=checkbox], [type=radio], .stepper__input)";

let burst = null; // Keys since the last pause.
let isBlankDown = false;

const isChord = (event) => (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
const isRepeated = (event) => event.repeat && event.key.length === 1;
const isBlank = (text) => text.trim() === "";

const press = ({ field, label }) => {
  // Its meaning may have changed while the blank waited.
  if (field.isConnected && field.textContent === label) field.click();
};

const rest = () => {
  const ended = burst;
  burst = null;
  clearTimeout(ended.timer);
  if (!ended.isOver && ended.isHeld && isBlank(ended.text)) press(ended);
  document.dispatchEvent(new CustomEvent("keys:rest", { detail: { ...ended, isScan: ended.isOver } }));
};

const wait = (again = true) => {
  const due = performance.now() + PAUSE;
  const isLate = () => again && performance.now() > due + LATE;
  clearTimeout(burst.timer);
  burst.timer = setTimeout(() => (isLate() ? wait(false) : rest()), PAUSE);
};

const begin = (event) => {
  const field = document.activeElement;
  burst = { text: "", field, before: field.value, label: field.textContent, isFast: true, last: event.timeStamp };
};

const hold = (event) => {
  const element = document.activeElement;
  if (element.matches(TEXT) || (isBlank(burst.text) && !element.matches(BUTTONS))) return;
  event.preventDefault();
  isBlankDown = true;
  if (burst.isHeld && isBlank(burst.text) && element.matches("[data-step]")) press(burst);
  burst.isHeld = true;
};

const add = (event) => {
  if (!burst) begin(event);
  if (event.timeStamp - burst.last > FAST) burst.isFast = false;
  if (event.key === " ") hold(event);
  burst.text += event.key;
};

const end = (event) => {
  const entered = new CustomEvent("keys:entered", { detail: burst, bubbles: true, cancelable: true });
  const isNew = !burst.isOver;
  burst.isOver = true; // Some scanners send Enter twice.
  if (isNew) burst.isEntered = true;
  if (!isNew || !document.activeElement.dispatchEvent(entered)) event.preventDefault();
};

// Other keys are a person's.
const drop = () => {
  burst.isOver = true;
  rest();
};

// Only lines in which the scan began get its Enter.
const goOn = (event) => {
  if (event.key === "Enter" && burst.isOver && burst.field !== document.activeElement) event.preventDefault();
  burst.isOver = true;
};

const take = (event) => {
  const isCharacter = event.key.length === 1;
  if (burst && (event.timeStamp - burst.last > PAUSE || (burst.isOver && isCharacter))) rest();
  if (isCharacter) add(event);
  else if (!burst) return;
  else if (event.key === "Tab" || document.activeElement.matches(LINES)) goOn(event);
  else if (event.key === "Enter") end(event);
  else return drop();
  burst.last = event.timeStamp;
  wait();
};

addEventListener(
  "keydown",
  (event) => {
    if (event.key === " " && event.repeat && isBlankDown) event.preventDefault();
    if (event.isComposing || isChord(event) || isRepeated(event) || SILENT.includes(event.key)) return;
    take(event);
  },
  true,
);

// Firefox presses a button when the blank is released.
addEventListener(
  "keyup",
  (event) => {
    if (event.key !== " " || !isBlankDown) return;
    event.preventDefault();
    isBlankDown = false;
  },
  true,
);
