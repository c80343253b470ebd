// Shows a bar while a request is under way.
bind("busy", (bar) => {
  let requests = 0;
  const count = (more) => {
    requests += more;
    bar.classList.toggle("busy--shown", requests > 0);
  };
  document.addEventListener("htmx:before:request", () => count(1));
  document.addEventListener("htmx:finally:request", () => count(-1));
});
