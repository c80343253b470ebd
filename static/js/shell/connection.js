// Notices requests that get no response from our server, and when responses come again. A form that was not sent gets
// the event "request:lost"; other requests only show a notice.
const FAILURES = ["TypeError", "AbortError", "TimeoutError"];
const notice = (type) =>
  document.dispatchEvent(new CustomEvent(`notice:${type}`, { detail: { name: "connection-lost" } }));

const lose = (source) => {
  if (source instanceof HTMLFormElement && source.method === "post") {
    source.dispatchEvent(new CustomEvent("request:lost", { bubbles: true }));
  } else if (!document.querySelector('[data-notice="unanswered"]')) notice("show");
};

document.addEventListener("htmx:error", (event) => {
  if (FAILURES.includes(event.detail.error?.name)) lose(event.detail.ctx?.sourceElement);
});

// Our own responses, errors too, have a request id. A response of a proxy or a Wi-Fi sign-in page, whatever its status,
// must not replace a panel.
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (response.headers.has("X-Request-ID")) return;
  event.preventDefault();
  lose(sourceElement);
});

document.addEventListener("htmx:after:request", () => notice("remove"));
