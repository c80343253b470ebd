// A scanner types: where no field has the focus, what it types goes into the scan field.
bind("type-to-scan", (form) => {
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isText && document.activeElement.matches("body, main, .item")) form.elements.scan.focus();
  });
});
