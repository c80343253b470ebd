// Says so when a request gets no answer of ours, keeps what was sent in sight, and takes it back when all is well.
const place = () => document.getElementById("flash");
const told = (name) => place().querySelector(`[data-told="${name}"]`);
const tell = (name) => {
  told(name)?.remove();
  const notice = document.getElementById(name).content.firstElementChild.cloneNode(true);
  notice.dataset.told = name;
  place().prepend(notice);
  return notice;
};

// Both are told by classes: on a page of hundreds of items, a rule with :has() costs more than all else that a tap does.
new MutationObserver(() => {
  place().classList.toggle("flash--told", place().querySelector("[data-told]") !== null);
}).observe(place(), { childList: true });

let waiting = 0;
const wait = (more) => {
  waiting += more;
  document.querySelector(".busy").classList.toggle("busy--shown", waiting > 0);
};
document.addEventListener("htmx:before:request", () => wait(1));
document.addEventListener("htmx:finally:request", () => wait(-1));

// A form that was sent is known by where it goes and by its key, which is another one once it was answered.
const keyOf = (form) => form.querySelector("[name=idempotency_key]");
const isSame = (form) => form.getAttribute("action") === unanswered.action && keyOf(form)?.value === unanswered.key;
const isForm = (element) => element instanceof HTMLFormElement && element.method === "post";
let unanswered = null;

const lost = (source) => {
  if (!isForm(source)) {
    if (!unanswered) tell("connection-lost");
    return;
  }
  unanswered = { action: source.getAttribute("action"), key: keyOf(source)?.value };
  const button = source.querySelector("button:not([type=button])")?.textContent.trim();
  const item = source.closest("article")?.querySelector(".item__name")?.textContent;
  tell("unanswered").querySelector("[data-what]").textContent = [button, item].filter(Boolean).join(": ");
};

document.addEventListener("htmx:error", (event) => {
  const failed = event.detail.error?.name;
  if (failed !== "TypeError" && failed !== "AbortError" && failed !== "TimeoutError") return;
  lost(event.detail.ctx?.sourceElement);
});

// Our own answers, errors too, carry an id. What a proxy or a hotspot's sign-in writes instead must not take a panel's
// place, whatever its status.
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (response.headers.has("X-Request-ID")) return;
  event.preventDefault();
  lost(sourceElement);
});

document.addEventListener("htmx:after:request", () => told("connection-lost")?.remove());

// It may have arrived, with only the answer lost. News draw its form anew, with a new key: sent again, that would count
// twice. So the key stays until the form has its answer.
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks, ctx } = event.detail;
  if (!unanswered || isForm(ctx.sourceElement)) return;
  for (const form of tasks.flatMap((task) => [...(task.fragment?.querySelectorAll("form") ?? [])])) {
    if (form.getAttribute("action") === unanswered.action) keyOf(form)?.setAttribute("value", unanswered.key);
  }
});

// Once it has its answer, or is gone, there is nothing left to send again.
document.addEventListener("htmx:after:swap", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (isForm(sourceElement) && response.status < 400) place().replaceChildren();
  if (!unanswered || [...document.forms].some(isSame)) return;
  unanswered = null;
  told("unanswered")?.remove();
});
