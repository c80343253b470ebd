// Decides what the Enter of a scan does ("keys:entered"), so that a scan changes nothing. Outside of text fields it
// only fires "keys:scanned", with the code; what the scan left in a quantity, or moved in a list, is put back. A text
// field keeps what was scanned into it: in a search Enter goes on, in a form that changes something it waits at the
// button. Some scanners end with Tab, or with nothing; then only many fast characters tell that it was a scan.
const COUNTED = ".stepper__input, select";
const TEXT = "input:not([type=button], [type=submit], [type=checkbox], [type=radio], .stepper__input)";
const LEAST = 5; // Fewer characters in a search may be fast fingers.

const putBack = ({ field, before }) => {
  if (!field.matches(COUNTED) || field.value === before) return;
  field.value = before;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
};

const scanned = (element, text) => {
  const code = text.trim();
  const event = new CustomEvent("keys:scanned", { detail: code, bubbles: true, cancelable: true });
  return code !== "" && !element.dispatchEvent(event);
};

// Returns whether Enter ends here.
const endInText = (element, { text, field, isFast }) => {
  const { form } = element;
  if (form?.querySelector("[type=password]")) return false;
  if (form?.method === "post") {
    form.querySelector("button:not([type=button])")?.focus();
    return true;
  }
  const isScan = field !== element || (isFast && text.length >= LEAST);
  return isScan && scanned(element, text);
};

const looksScanned = ({ field, text, isFast, isEntered }) =>
  isFast && !isEntered && text.length >= LEAST && (field.matches(".stepper__input") || /\d/.test(text));

document.addEventListener("keys:rest", ({ detail: burst }) => {
  if (looksScanned(burst)) putBack(burst);
});

document.addEventListener("keys:entered", (event) => {
  const { target: element, detail: burst } = event;
  if (element.matches(TEXT)) {
    if (endInText(element, burst)) event.preventDefault();
    return;
  }
  event.preventDefault();
  putBack(burst);
  scanned(element, burst.text);
});
