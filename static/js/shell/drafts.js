// Keeps typed text when a request ends at the sign-in form because the session is over, when the server has the page
// loaded again, or when another form, such as the language, redraws it. It is kept in this tab, and returns once the same
// person is back on the page, or on the answer to that form, which may be a refusal.
const KEPT = "packbench-drafts";
const FIELDS = "form[method=post] :is(input:not([type=hidden], [type=password]), textarea)";
const person = document.querySelector(".person-menu__who b")?.textContent ?? "";

const isChoice = (field) => field.matches("[type=radio], [type=checkbox]");
const drawn = (field) => field.dataset.drawn ?? field.defaultValue;
const isTyped = (field) => (isChoice(field) ? field.checked !== field.defaultChecked : field.value !== drawn(field));
const nameOf = (field) => [field.form.getAttribute("action"), field.name, isChoice(field) ? field.value : ""].join(" ");

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null; // Storage is blocked (private mode): typed text is lost, as without this script.
  }
};
const write = (draft) => {
  try {
    if (draft) sessionStorage.setItem(KEPT, JSON.stringify(draft));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // As above.
  }
};

const keep = (sent) => {
  const typed = [...document.querySelectorAll(FIELDS)].filter(isTyped);
  const fields = typed.map((field) => ({
    name: nameOf(field),
    value: isChoice(field) ? field.checked : field.value,
    isSent: field.form === sent,
  }));
  const paths = [location.pathname, new URL(sent?.getAttribute("action") ?? "", location.href).pathname];
  if (person) write(fields.length ? { person, paths, fields, signsIn: false } : null);
};
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  if (response.status === 401) keep(sourceElement);
  if (response.headers.has("HX-Refresh")) keep(null);
});
document.addEventListener("submit", (event) => {
  if (event.target.method === "post" && !event.defaultPrevented) keep(event.target);
});

const putBack = (field, value) => {
  if (isChoice(field)) field.checked = value;
  else field.value = value;
  field.closest("details")?.setAttribute("open", "");
  for (const sign of ["input", "change"]) field.dispatchEvent(new Event(sign, { bubbles: true }));
};

// After every script of the page is listening.
document.addEventListener("DOMContentLoaded", () => {
  const draft = read();
  if (!draft) return;
  if (!person) return write({ ...draft, signsIn: true });
  write(null);
  if (draft.person !== person || !draft.paths.includes(location.pathname)) return;
  const fields = new Map([...document.querySelectorAll(FIELDS)].map((field) => [nameOf(field), field]));
  for (const { name, value, isSent } of draft.fields) {
    if (fields.has(name) && (draft.signsIn || !isSent)) putBack(fields.get(name), value);
  }
});
