// Scrolls the current view into sight if the views are wider than the screen.
bind("current-view", (list) => {
  const show = () => {
    const views = list.querySelector(".filters");
    const current = views?.querySelector("[aria-current]");
    if (current) views.scrollLeft = current.offsetLeft - (views.clientWidth - current.offsetWidth) / 2;
  };
  show();
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement.matches(".order-search")) show();
  });
});
