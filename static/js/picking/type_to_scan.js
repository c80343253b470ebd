// Puts what a scanner types into the scan field when no field has the focus.
bind("type-to-scan", (form) => {
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isText && document.activeElement.matches("body, main, .item")) form.elements.scan.focus();
  });
});
