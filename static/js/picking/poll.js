// Polls the shipment status every two seconds while it is visible, and at once when the tablet wakes up.
const PERIOD = 2000;

bind("poll", (holder) => {
  const ask = () => {
    const panel = holder.querySelector("#shipment-status");
    if (document.hidden || panel.classList.contains("htmx-request")) return;
    panel.dispatchEvent(new CustomEvent("poll"));
  };
  setInterval(ask, PERIOD);
  document.addEventListener("visibilitychange", ask);
});
