// What somebody typed or chose before the page was ready filters it, too: a form that asks as one types would otherwise
// wait for the next letter.
const words = (form) => new URLSearchParams(new FormData(form)).toString();

const isChanged = (form) => {
  const unchanged = form.cloneNode(true);
  unchanged.reset();
  return words(form) !== words(unchanged);
};

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[hx-get][role=search]")) {
    if (isChanged(form)) form.querySelector("[type=search]").dispatchEvent(new Event("input", { bubbles: true }));
  }
});
