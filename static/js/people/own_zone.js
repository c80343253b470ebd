// Chooses the browser's own time zone, unless somebody chose one before.
bind("own-zone", (box) => {
  const select = box.querySelector("select");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!select.value && [...select.options].some((option) => option.value === own)) select.value = own;
});
