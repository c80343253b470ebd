// Scrolls what opens at the end of the shipment status into view.
bind("open-in-view", (holder) => {
  holder.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.open && target.matches(".status__all")) target.scrollIntoView({ block: "nearest" });
    },
    true,
  );
});
