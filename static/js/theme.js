// Runs before the first paint, so that no page flashes in the wrong theme. Without it the system's theme applies.
(() => {
  const root = document.documentElement;
  const key = "packbench-theme";
  root.classList.add("js");
  try {
    const kept = localStorage.getItem(key);
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // Storage is blocked (private mode): the choice lasts for one page.
  }

  const show = () => {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme ?? "system")));
    }
  };
  document.addEventListener("DOMContentLoaded", show);

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    show();
    try {
      localStorage.setItem(key, choice);
    } catch {
      // As above.
    }
  });
})();
