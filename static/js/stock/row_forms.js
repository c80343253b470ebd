// Forms that open in their row: what opens is brought into view, Escape closes it, and once stock is changed the focus is
// back on the button that opened the form.
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
  sentFrom = event.target.closest(".change")?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const change = document.getElementById(sentFrom);
  sentFrom = "";
  if (!change) return;
  const refused = change.open && change.querySelector('[aria-invalid="true"], .input');
  (refused || change.querySelector("summary")).focus();
});
