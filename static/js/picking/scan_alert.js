// Answers a scan that counts nothing over the whole screen, each kind in its own words and tone, until a tap, a key of a
// person or the next right scan.
const LEAST = 5; // Fewer fast characters are fingers.

bind("scan-alert", (dialog) => {
  const [title, words] = [dialog.querySelector("h2"), dialog.querySelector("p")];

  const show = ({ kind, words: said }) => {
    const ours = dialog.querySelector(`template[data-kind="${CSS.escape(kind ?? "")}"]`) ?? dialog.querySelector("template");
    dialog.dataset.kind = ours.dataset.kind;
    title.textContent = ours.dataset.title;
    words.textContent = [said, ours.content.textContent].filter(Boolean).join("\n");
    if (!dialog.open) dialog.showModal();
    document.dispatchEvent(new CustomEvent("packbench:sound", { detail: ours.dataset.kind }));
    navigator.vibrate?.([200, 100, 200]);
  };

  document.addEventListener("scan:refused", ({ detail }) => show(detail));
  document.addEventListener("item:point", () => dialog.close(), true); // Before the item gets the focus.
  document.addEventListener("keys:rest", ({ detail: { isScan, text, isFast } }) => {
    if (!isScan && !(isFast && text.length >= LEAST)) dialog.close();
  });
  dialog.addEventListener("click", () => dialog.close());
});
