// Applies filters that somebody typed or chose before the page was ready: a search while typing would otherwise wait
// for the next letter. Also repeats a search that found no connection, once there is one.
const FORMS = "form[hx-get][role=search]";
const words = (form) => new URLSearchParams(new FormData(form)).toString();

const isChanged = (form) => {
  const unchanged = form.cloneNode(true);
  unchanged.reset();
  return words(form) !== words(unchanged);
};

const ask = (form) => form.querySelector("[type=search]").dispatchEvent(new Event("input", { bubbles: true }));

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll(FORMS)) if (isChanged(form)) ask(form);
});

const isAskedAsOneTypes = (form) => form.getAttribute("hx-trigger")?.includes("input");
const askAgain = (form) => (isAskedAsOneTypes(form) ? ask(form) : form.requestSubmit());

let unheard = null;
document.addEventListener("htmx:error", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source?.matches?.(FORMS)) unheard = source;
});
document.addEventListener("htmx:after:request", (event) => {
  const [form, source] = [unheard, event.detail.ctx.sourceElement];
  unheard = null;
  if (form && form !== source) askAgain(form);
});
addEventListener("online", () => unheard && askAgain(unheard));
