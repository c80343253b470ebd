// Jumps to a scanned item without a round trip. For items that are finished or not in this order, the server answers by
// the field only, so that typed quantities stay.
// Codes are compared as webapp/domain/codes.py does: a GTIN in 14 digits, others without what people do not see.
const gtin = (text) => {
  if (!/^(\d{8}|\d{12,14})$/.test(text) || /^0+$/.test(text)) return "";
  const digits = text.padStart(14, "0");
  const sum = [...digits].reduce((total, digit, place) => total + digit * (place % 2 ? 1 : 3), 0);
  return sum % 10 ? "" : digits;
};
const folded = (text) =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, "-")
    .normalize("NFC")
    .split(/\s+/)
    .filter(Boolean)
    .join(" ");
const isSame = (scanned, code) => (gtin(scanned) && gtin(scanned) === gtin(code)) || folded(scanned) === folded(code);

const itemsWith = (scanned) => {
  const read = ({ textContent, dataset }) => [textContent, dataset.codes ?? ""].flatMap((codes) => codes.split(" · "));
  const all = [...document.querySelectorAll(".item__codes")].map((codes) => [read(codes), codes]);
  const having = (isIt) => all.filter(([codes]) => codes.filter(Boolean).some(isIt)).map(([, codes]) => codes.closest(".item"));
  const exactly = having((code) => code === scanned);
  return exactly.length ? exactly : having((code) => isSame(scanned, code));
};
// Of several lines of one product, the next one that is not all picked is meant.
const isPicked = (item) => {
  const most = item.querySelector(".item__ship .stepper__input")?.dataset.most;
  return most !== undefined && Number(item.dataset.picked ?? 0) >= Number(most);
};
const pointAt = (item) => item.dispatchEvent(new CustomEvent("item:point", { bubbles: true }));

const say = (words) => {
  const message = document.getElementById("scan-message");
  message.textContent = words;
  message.classList.remove("scan__message--counted");
  delete message.dataset.kind;
};

bind("scan", (form) => {
  const field = form.elements.scan;

  // What was not on the order is over once something ships, in the field as well.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (sourceElement?.method !== "post" || response.status >= 400) return;
    if (document.getElementById("scan-message").textContent) field.value = "";
    say("");
  });

  // The server says what it is; without an answer it is not on this order, as far as the page knows.
  const alarm = (kind, words) => document.dispatchEvent(new CustomEvent("scan:refused", { detail: { kind, words } }));
  let asked = false;
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== form || !asked) return;
    asked = false;
    const { dataset, textContent } = document.getElementById("scan-message");
    if (dataset.kind) alarm(dataset.kind, textContent);
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx?.sourceElement === form && asked) alarm("wrong_code", "");
    asked = false;
  });

  const refuse = (items) => {
    if (items.length) pointAt(items[0]);
    field.select();
    asked = isScan;
    if (!isScan) document.dispatchEvent(new CustomEvent("packbench:sound", { detail: "refused" }));
  };

  // A scan counts; a code typed by hand only finds its item.
  let isScan = false;
  document.addEventListener("keys:scanned", () => (isScan = true), true);

  const jump = (item, code) => {
    field.value = "";
    say("");
    pointAt(item);
    item.focus({ preventScroll: true });
    if (isScan) item.dispatchEvent(new CustomEvent("item:scanned", { detail: code, bubbles: true }));
  };

  form.addEventListener(
    "submit",
    (event) => {
      const scanned = field.value.trim();
      document.querySelector(".popup:popover-open")?.hidePopover();
      const items = scanned ? itemsWith(scanned) : [];
      const open = items.filter((one) => !one.matches(".item--done"));
      if (open.length) {
        event.preventDefault();
        event.stopImmediatePropagation();
        jump(open.find((one) => !isPicked(one)) ?? open[0], scanned);
      } else refuse(items);
      isScan = false;
    },
    true,
  );
});
