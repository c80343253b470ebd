// Keeps a form that could not be sent, with its key, on the page until it gets its response.
const isForm = (element) => element instanceof HTMLFormElement && element.method === "post";
const keyOf = (form) => form.querySelector("[name=idempotency_key]");
const notice = (type, about) =>
  document.dispatchEvent(new CustomEvent(`notice:${type}`, { detail: { name: "unanswered", about } }));

// A form is identified by its address and its key, which changes after a response.
let pending = null;
const isPending = (form) => form.getAttribute("action") === pending.action && keyOf(form)?.value === pending.key;

document.addEventListener("request:lost", ({ target: form }) => {
  pending = { action: form.getAttribute("action"), key: keyOf(form)?.value };
  const button = form.querySelector("button:not([type=button])")?.textContent.trim();
  const item = form.closest("article")?.querySelector(".item__name")?.textContent;
  notice("show", [button, item].filter(Boolean).join(": "));
});

// The request may have arrived and only the response got lost. A redrawn form has a new key, and sending it again would
// count twice. So the old key stays until the form gets its response.
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  if (!pending || isForm(ctx.sourceElement)) return;
  for (const form of tasks.flatMap((task) => [...(task.fragment?.querySelectorAll("form") ?? [])])) {
    if (form.getAttribute("action") === pending.action) keyOf(form)?.setAttribute("value", pending.key);
  }
});

// After its response, or without the form, there is nothing to send again.
document.addEventListener("htmx:after:swap", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (isForm(sourceElement) && response.status < 400) document.getElementById("flash").replaceChildren();
  if (!pending || [...document.forms].some(isPending)) return;
  pending = null;
  notice("remove");
});
