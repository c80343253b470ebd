// Scrolls a refusal into view: on a handheld it may stand below the fold, and so may a refused form.
bind("refusal-in-view", (pick) => {
  const refusal = () => pick.querySelector(".item--target :is(.field__error, [role=alert])");
  const show = () => refusal()?.scrollIntoView({ block: "nearest" });
  show();
  document.addEventListener("htmx:after:swap", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (sourceElement?.method === "post" && response.status >= 400) show();
  });
});
