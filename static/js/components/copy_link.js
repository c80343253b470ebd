// A permanent link is copied where the browser lets us, and says so; else it is followed like any other.
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
