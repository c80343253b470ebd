// Opens the shipment status on narrow screens, where it is a bar. Whether it is open is stored outside the panel, which
// is redrawn with every ship.
bind("status-bar", (holder) => {
  const toggle = () => holder.querySelector(".status__toggle");
  const isOpen = () => holder.hasAttribute("data-open");
  const say = () => toggle().setAttribute("aria-expanded", String(isOpen()));
  const open = (opens) => {
    holder.toggleAttribute("data-open", opens);
    say();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest(".status__head")) {
      if (toggle().checkVisibility()) open(!isOpen());
    } else if (!holder.contains(event.target) || event.target.closest(".status__lines a")) open(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    open(false);
    toggle().focus();
  });
  document.addEventListener("htmx:after:swap", say);
});
