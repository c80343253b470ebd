// Says so when a request finds no server, and takes it back when one does again.
const words = () => document.getElementById("connection-lost");
const place = () => document.getElementById("flash");

document.addEventListener("htmx:error", (event) => {
  const failed = event.detail.error?.name;
  if (failed !== "TypeError" && failed !== "AbortError" && failed !== "TimeoutError") return;
  if (place().querySelector("[data-connection-lost]")) return;
  const notice = words().content.firstElementChild.cloneNode(true);
  notice.dataset.connectionLost = "";
  place().prepend(notice);
});

document.addEventListener("htmx:after:request", () => {
  place().querySelector("[data-connection-lost]")?.remove();
});
