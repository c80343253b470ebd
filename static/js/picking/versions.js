// Keeps the screen from going back: an answer that another overtook changes nothing.
const version = (panel) => Number(panel.dataset.version);

bind("versions", (holder) => {
  let shown = version(holder.querySelector("#shipment-status"));
  let whole = shown; // The version that every item on the screen has.

  const take = (panel, ctx) => {
    shown = version(panel);
    // An answer about one item is silent about what others changed before it: the next poll asks for all that since.
    const isCounted = ctx.response.status < 400;
    const isAboutAll = ctx.sourceElement.id === "shipment-status";
    if (isAboutAll || shown <= whole + Number(isCounted)) whole = shown;
    else panel.setAttribute("hx-get", panel.getAttribute("hx-get").replace(/version=\d+/, `version=${whole}`));
  };

  // Before others hear of the answer, who keep what is typed as far as it is drawn.
  document.addEventListener(
    "htmx:before:swap",
    (event) => {
      const { tasks, ctx } = event.detail;
      const panel = tasks.map((task) => task.fragment?.querySelector("#shipment-status")).find(Boolean);
      if (!panel) return;
      if (version(panel) < shown) {
        event.preventDefault();
        return;
      }
      const isNews = version(panel) > shown;
      take(panel, ctx);
      if (!isNews) return;
      for (const follower of document.querySelectorAll("[data-follows-status]")) {
        follower.dispatchEvent(new CustomEvent("changed"));
      }
    },
    true,
  );
});
