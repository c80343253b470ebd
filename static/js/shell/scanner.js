// Recognises a barcode scanner: it types like a keyboard, but faster than fingers, and ends with Enter. Wherever the
// focus is (a Ship button, a quantity), such a burst counts as a scan: it presses nothing, leaves no digits behind, and
// goes into the search field of the page's own form.
const GAP = 100; // Most milliseconds between two keys; a wireless scanner falters.
const LEAST = 5;

bind("scanner", (form) => {
  const into = form.querySelector("input[type=search]");
  let burst = "";
  let last = -Infinity;
  let field = null;
  let before = "";

  // Text fields with another purpose (a place, a reason) take a scan as input.
  const isOthers = (element) =>
    element.matches("textarea, select, input:not(.stepper__input)") && element !== into;

  const take = () => {
    if (field.matches(".stepper__input")) {
      field.value = before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    into.value = burst;
    form.requestSubmit();
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Shift" || isOthers(document.activeElement)) return;
      const isFast = event.timeStamp - last < GAP;
      last = event.timeStamp;
      if (!isFast) burst = "";
      if (event.key.length === 1) {
        if (!burst) {
          field = document.activeElement;
          before = field.value;
        }
        burst += event.key;
        return;
      }
      if (event.key === "Enter" && burst.length >= LEAST) {
        event.preventDefault();
        event.stopPropagation();
        take();
      }
      burst = "";
    },
    true,
  );
});
