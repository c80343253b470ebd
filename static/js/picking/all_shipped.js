// Shows the end of the order once everything is shipped. Sets classes on the page, since a rule with :has() would cost
// more than the rest of a tap's work.
bind("all-shipped", (pick) => {
  document.documentElement.classList.add("picks");
  document.addEventListener("htmx:after:swap", () => {
    pick.classList.toggle("pick--complete", document.getElementById("shipment-status").matches(".status--complete"));
  });
});
