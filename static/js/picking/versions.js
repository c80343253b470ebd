// Ignores outdated responses: an answer that a newer one has overtaken changes nothing.
const version = (panel) => Number(panel.dataset.version);

bind("versions", (holder) => {
  let shown = version(holder.querySelector("#shipment-status"));
  let whole = shown; // The version of every item on the screen.

  const take = (panel, ctx) => {
    shown = version(panel);
    // A response about one item leaves out what others changed before it; the next poll asks for everything since then.
    const isCounted = ctx.response.status < 400;
    const isAboutAll = ctx.sourceElement.id === "shipment-status";
    if (isAboutAll || shown <= whole + Number(isCounted)) whole = shown;
    else panel.setAttribute("hx-get", panel.getAttribute("hx-get").replace(/version=\d+/, `version=${whole}`));
  };

  // Runs before listeners that keep typed quantities in what is drawn.
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
