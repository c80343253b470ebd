// Opens dialogs: data-dialog="id" opens one on this page; a link with a blank data-dialog fetches one from its address.
// The browser itself keeps the focus inside, closes on Escape, and returns the focus.
const announce = (dialog) => document.dispatchEvent(new CustomEvent("dialog:opened", { detail: dialog }));

const show = (dialog) => {
  dialog.showModal();
  announce(dialog);
};

// Opens at once, and fills in the content when it arrives.
const fetchInto = async (dialog, address) => {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("dialog");
  if (!answer.ok || !fresh) throw new TypeError("no dialog came");
  if (!dialog.open) return;
  dialog.id = fresh.id;
  dialog.setAttribute("aria-labelledby", fresh.getAttribute("aria-labelledby"));
  dialog.replaceChildren(...fresh.children);
  dialog.querySelector("button").focus();
  announce(dialog);
};

const openFrom = async (link) => {
  const dialog = document.getElementById("dialog-waiting").content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  try {
    await fetchInto(dialog, link.href);
  } catch {
    location.assign(link.href);
  }
};

// A tap outside the box has the dialog itself as its target; browsers with closedby have closed it already.
const isBeside = (event) => {
  if (!event.target.matches("dialog.dialog[open]")) return false;
  const box = event.target.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
};

document.addEventListener("click", (event) => {
  if (isBeside(event)) event.target.close();
  const opener = event.target.closest("[data-dialog]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (document.querySelector("dialog:modal")) return;
  if (opener.dataset.dialog) show(document.getElementById(opener.dataset.dialog));
  else openFrom(opener);
});
