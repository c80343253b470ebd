// Shows the end of the order once all is shipped. By classes of the page's own, since a rule with :has() would cost more
// than all else that a tap does.
bind("all-shipped", (pick) => {
  document.documentElement.classList.add("picks");
  document.addEventListener("htmx:after:swap", () => {
    pick.classList.toggle("pick--complete", document.getElementById("shipment-status").matches(".status--complete"));
  });
});
