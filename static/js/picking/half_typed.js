// Keeps typed quantities that were not sent yet when news about the same item arrives.
bind("half-typed", (pick) => {
  const typed = new Set(); // Ids of the fields.
  const sentAs = new WeakMap(); // Each field's value when it was sent.
  const fieldsOf = (form) => form?.querySelectorAll(".stepper__input") ?? [];

  pick.addEventListener("input", ({ target: field }) => {
    if (!field.matches(".stepper__input")) return;
    if (field.value === (field.dataset.drawn ?? field.defaultValue)) typed.delete(field.id);
    else typed.add(field.id);
  });

  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement } = event.detail.ctx;
    if (!sourceElement.matches("form")) return;
    for (const field of fieldsOf(sourceElement)) sentAs.set(field, field.value);
  });

  // A sent quantity no longer counts as typed; after a refusal the response holds it, if it may be sent again.
  const forgetSent = (form, isCounted) => {
    for (const field of fieldsOf(form)) {
      if (isCounted || field.value === sentAs.get(field)) typed.delete(field.id);
    }
    if (isCounted) form?.reset();
  };

  document.addEventListener("htmx:before:swap", (event) => {
    const { tasks, ctx } = event.detail;
    const fragments = tasks.map((task) => task.fragment).filter(Boolean);
    if (event.defaultPrevented || !fragments.some((one) => one.querySelector("#shipment-status"))) return;
    forgetSent(ctx.sourceElement.matches("form") ? ctx.sourceElement : null, ctx.response.status < 400);
    for (const id of typed) {
      const value = document.getElementById(id)?.value ?? "";
      for (const field of fragments.map((one) => one.getElementById(id)).filter(Boolean)) {
        field.dataset.drawn = field.defaultValue; // What the server says; drafts.js asks, too.
        field.setAttribute("value", value);
      }
    }
  });
});
