// Where returned units go follows from why they came back (damaged ones are written off), until a person chooses it.
bind("write-off", (form) => {
  const reasons = form.dataset.writeOffReasons.split("\n");
  const [back, nowhere] = ["", "1"].map((value) => form.querySelector(`[name="write_off"][value="${value}"]`));
  let isChosen = back.checked || nowhere.checked;
  form.addEventListener("change", ({ target }) => {
    if (target.name === "write_off") isChosen = true;
    if (target.name !== "common_reason" || isChosen) return;
    const where = reasons.includes(target.value) ? nowhere : back;
    where.checked = true;
  });
});
