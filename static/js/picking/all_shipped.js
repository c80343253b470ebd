// Shows the end of the order once everything is shipped.
bind("all-shipped", (pick) => {
  document.addEventListener("htmx:after:swap", () => {
    const isComplete = document.getElementById("shipment-status").matches(".status--complete");
    pick.classList.toggle("pick--complete", isComplete);
    document.querySelector(".pick-head").classList.toggle("pick-head--complete", isComplete);
  });
});
