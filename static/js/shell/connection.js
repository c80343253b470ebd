// Notices when a request gets no answer of ours, and when answers come again. What was sent in vain hears
// "request:lost"; a request that sent nothing only leaves a notice.
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

// Our own answers, errors too, carry an id. What a proxy or a hotspot's sign-in writes instead must not take a panel's
// place, whatever its status.
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (response.headers.has("X-Request-ID")) return;
  event.preventDefault();
  lose(sourceElement);
});

document.addEventListener("htmx:after:request", () => notice("remove"));
