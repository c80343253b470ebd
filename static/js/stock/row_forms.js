// Forms that open in their row: scrolls an opened form into view, closes it on Escape, and after a change of stock
// returns the focus to the button that opened it; after a change of codes to the codes. A preview that takes the page's place is read from its heading.
const { documentElement: root } = document;

root.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.matches(".change")) event.target.scrollIntoView({ block: "nearest" });
  },
  true,
);

root.addEventListener("keydown", (event) => {
  const change = event.key === "Escape" && event.target.closest?.(".change[open]");
  if (!change) return;
  change.open = false;
  change.querySelector("summary").focus();
});

let sentFrom = "";
root.addEventListener("submit", (event) => {
  sentFrom = event.target.closest(".change, #add-code, #codes")?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("#short-count h1")?.focus();
  const change = document.getElementById(sentFrom);
  sentFrom = "";
  if (!change) return;
  if (!change.matches(".change")) {
    if (document.activeElement === document.body) (change.matches("form") ? change.elements.code : change).focus();
    return;
  }
  const refused = change.open && change.querySelector('[aria-invalid="true"], .input');
  (refused || change.querySelector("summary")).focus();
});
