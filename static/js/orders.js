// A filter that is chosen takes effect at once; without this script the Show button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
