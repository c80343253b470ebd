// Puts a scan ("keys:scanned") into the search of the page's own form and sends it, wherever the focus is.
bind("scanner", (form) => {
  document.addEventListener("keys:scanned", (event) => {
    event.preventDefault();
    form.querySelector("input[type=search]").value = event.detail;
    form.requestSubmit();
  });
});
