// Sounds when a panel across the screen appears that stops the work: the order was closed, put on hold or taken over. It
// is scrolled into view, since the person may be far down the list.
bind("told", () => {
  const news = () => document.querySelector("#stopped:not([hidden]), #whose-question[data-lost]:not([hidden])");
  let shown = news()?.id;
  document.addEventListener("htmx:after:swap", () => {
    const panel = news();
    if (panel && panel.id !== shown) {
      document.dispatchEvent(new CustomEvent("packbench:sound", { detail: "told" }));
      panel.scrollIntoView({ block: "nearest" });
    }
    shown = panel?.id;
  });
});
