// Puts the pick screen's own address in place of a form's: a refused form answers with the screen, and loading it again
// should show the screen too.
bind("pick-address", (form) => {
  if (location.pathname !== new URL(form.action).pathname) history.replaceState(null, "", form.action);
});
