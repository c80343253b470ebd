// Runs before the first paint, so that no page flashes in the wrong theme. Without it the system's theme holds.
(() => {
  const root = document.documentElement;
  const key = "packbench-theme";
  root.classList.add("js");
  try {
    const kept = localStorage.getItem(key);
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // Storage is shut (private mode): the choice then lasts for one page.
  }

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // As above.
    }
  });
})();
