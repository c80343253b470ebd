// Keeps a form that was sent in vain in sight, with its key, until it has its answer.
const isForm = (element) => element instanceof HTMLFormElement && element.method === "post";
const keyOf = (form) => form.querySelector("[name=idempotency_key]");
const notice = (type, about) =>
  document.dispatchEvent(new CustomEvent(`notice:${type}`, { detail: { name: "unanswered", about } }));

// A form is known by where it goes and by its key, which is another one once it was answered.
let pending = null;
const isPending = (form) => form.getAttribute("action") === pending.action && keyOf(form)?.value === pending.key;

document.addEventListener("request:lost", ({ target: form }) => {
  pending = { action: form.getAttribute("action"), key: keyOf(form)?.value };
  const button = form.querySelector("button:not([type=button])")?.textContent.trim();
  const item = form.closest("article")?.querySelector(".item__name")?.textContent;
  notice("show", [button, item].filter(Boolean).join(": "));
});

// It may have arrived, with only the answer lost. News draw its form anew, with a new key: sent again, that would count
// twice. So the key stays until the form has its answer.
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  if (!pending || isForm(ctx.sourceElement)) return;
  for (const form of tasks.flatMap((task) => [...(task.fragment?.querySelectorAll("form") ?? [])])) {
    if (form.getAttribute("action") === pending.action) keyOf(form)?.setAttribute("value", pending.key);
  }
});

// Once it has its answer, or is gone, there is nothing left to send again.
document.addEventListener("htmx:after:swap", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (isForm(sourceElement) && response.status < 400) document.getElementById("flash").replaceChildren();
  if (!pending || [...document.forms].some(isPending)) return;
  pending = null;
  notice("remove");
});
