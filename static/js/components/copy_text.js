// Copies the text of a field and says so. Where the browser does not allow it, the text is selected, to be copied by hand.
bind("copy-text", (box) => {
  const [text, button, status] = [box.querySelector("textarea"), box.querySelector("button"), box.querySelector("[role=status]")];
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      return;
    }
    status.textContent = button.dataset.copied;
    button.lastChild.textContent = button.dataset.copied;
  });
});
