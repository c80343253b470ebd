// Shows a password to who types it, and hides it again before it is sent, so that no browser remembers it as plain text.
const show = (field, isShown) => {
  field.querySelector("input").type = isShown ? "text" : "password";
  field.querySelector("button").setAttribute("aria-pressed", String(isShown));
};

document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-password] button")?.closest("[data-password]");
  if (field) show(field, field.querySelector("input").type === "password");
});

document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("[data-password]")) show(field, false);
});
