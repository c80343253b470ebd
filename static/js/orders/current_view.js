// Where the views are wider than the screen, the current one is in sight.
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
