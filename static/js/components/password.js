// Shows a password on demand, and hides it before the form is sent, so that no browser remembers it as plain text.
bind("password", (field) => {
  const [input, button] = [field.querySelector("input"), field.querySelector("button")];
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
});
