// Opens dialogs: data-dialog="id" one of this page, blank on a link the one that its address answers with. The browser
// itself keeps the focus inside, closes by Escape, and gives the focus back.
const open = (dialog) => {
  dialog.showModal();
  document.dispatchEvent(new CustomEvent("dialog:opened", { detail: dialog }));
};

const fetched = async (link) => {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = page.querySelector("dialog");
  if (!answer.ok || !dialog) throw new TypeError("no dialog came");
  document.getElementById(dialog.id)?.remove();
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
};

document.addEventListener("click", async (event) => {
  // A tap beside the box, where the browser does not know closedby yet: it is the dialog itself that was hit.
  if (event.target.matches("dialog.dialog")) {
    const box = event.target.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) event.target.close();
    return;
  }
  const opener = event.target.closest("[data-dialog]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (opener.dataset.dialog) return open(document.getElementById(opener.dataset.dialog));
  if (document.querySelector("dialog:modal")) return;
  const before = document.activeElement;
  try {
    const dialog = await fetched(opener);
    before.focus({ preventScroll: true });
    open(dialog);
  } catch {
    location.assign(opener.href);
  }
});
