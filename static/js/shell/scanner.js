// A barcode scanner types like a keyboard, but faster than fingers, and ends with Enter. Wherever the focus is (a Ship
// button, a quantity), such a burst is a scan: it presses nothing, leaves no digits behind, and goes into the search
// field of the page's own form.
const GAP = 100; // Milliseconds at most between two keys: one by radio falters.
const LEAST = 5;

bind("scanner", (form) => {
  const into = form.querySelector("input[type=search]");
  let burst = "";
  let last = -Infinity;
  let field = null;
  let before = "";

  // Text fields of their own (a place, a reason) take a scan as what it is typed for.
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
