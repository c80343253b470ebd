// The − and + of a quantity stepper. Listening on the document, it also serves steppers that htmx swaps in later.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.closest("[data-stepper]").querySelector("input");
  const least = Number(input.dataset.least);
  const most = Number(input.dataset.most);
  const typed = /^\d+$/.test(input.value) ? Number(input.value) : least - Number(button.dataset.step);
  input.value = String(Math.min(Math.max(typed + Number(button.dataset.step), least), most));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
