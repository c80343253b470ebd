// Copies a permanent link and says so, if the browser allows it; else the link is followed as usual.
const SHOWN = 2000;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy-link]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.href = link.href;
    return;
  }
  const status = document.querySelector("[data-copy-link-status]");
  link.classList.add("copy-link--copied");
  if (status) status.textContent = link.dataset.copied;
  setTimeout(() => {
    link.classList.remove("copy-link--copied");
    if (status) status.textContent = "";
  }, SHOWN);
});
