// Opens an order when its complete number is typed or scanned into the order search.
bind("whole-number", (form) => {
  let number = null;
  form.addEventListener("submit", () => (number = form.elements.search.value.trim().toLowerCase()), true);
  form.addEventListener("input", () => (number = null));
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement !== form) return;
    const links = [...document.querySelectorAll(".order__number")];
    const exact = links.filter((link) => link.textContent.trim().toLowerCase() === number);
    if (exact.length === 1) exact[0].click();
  });
});
