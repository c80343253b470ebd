// Where returned units go follows from why they came back (damaged ones are written off), until a person chooses it.
bind("write-off", (screen) => {
  const reasons = screen.dataset.writeOffReasons.split("\n");
  const wayTo = (value) => screen.querySelector(`[name="write_off"][value="${value}"]`);
  let isChosen = screen.querySelector('[name="write_off"]:checked') !== null;
  // A click, since choosing again what is chosen already is no change.
  screen.addEventListener("click", ({ target }) => {
    if (target.name === "write_off") isChosen = true;
  });
  screen.addEventListener("change", ({ target }) => {
    if (target.name === "common_reason" && !isChosen) wayTo(reasons.includes(target.value) ? "1" : "").checked = true;
  });
});
