// Counts what is picked, at once on the screen: a scan is one unit more, or the units of its case; a number typed or
// stepped is what was picked. send_picks.js tells the server; the poll shows it to others.
const SOON = 400; // Milliseconds after which a typed number is sent; Ship sends it by itself.

const fieldOf = (item) => item.querySelector(".item__ship .stepper__input");
const pickedOf = (item) => Number(item.dataset.picked ?? 0);
const mostOf = (item) => Number(fieldOf(item)?.dataset.most ?? Infinity);
// Nobody has entered the number that the page brought, not even if a scan put it back.
const isEntered = (field) => field.value !== (field.dataset.drawn ?? field.defaultValue);
const lineOf = (item) =>
  item.querySelector(".item__count") ?? Object.assign(document.createElement("p"), { className: "item__count" });
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const unitsOf = (item, code) => {
  const cases = item.querySelector(".item__codes").dataset.cases?.split(" · ").map((one) => one.split(" = ")) ?? [];
  return Number(cases.find(([other]) => other.padStart(14, "0") === code.padStart(14, "0"))?.[1] ?? 1);
};

bind("count", (list) => {
  if (!list.dataset.picks) return; // Who ships nothing counts nothing.
  const [typing, waiting] = [new Map(), new Map()]; // By item: the timer of a number to send; counts without an answer.

  const show = (item, units) => {
    const field = fieldOf(item);
    if (!field) return;
    const most = mostOf(item);
    const line = lineOf(item);
    line.textContent = list.dataset.count.replace("{n}", units).replace("{all}", most);
    item.querySelector(".item__codes").after(line);
    item.dataset.picked = units;
    field.value = units;
    field.setAttribute("value", units);
    delete field.dataset.drawn;
    const goesOn = units ? units < most : field.dataset.least === "0";
    const { classList } = item.querySelector(".item__go");
    classList.toggle("button--secondary", goesOn);
    classList.toggle("button--primary", !goesOn);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const add = (item, fields, isTyped = false) => {
    waiting.set(item.id, (waiting.get(item.id) ?? 0) + 1);
    tell("picks:add", { id: item.id, before: pickedOf(item), fields, isTyped });
  };

  // The next poll draws the item as it is now; half_typed.js keeps the number.
  const keepTyped = (item, before) => {
    item.dataset.picked = before;
    fieldOf(item)?.setAttribute("value", "");
    fieldOf(item)?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("picks:answered", ({ detail: { id, before, answer } }) => {
    waiting.set(id, waiting.get(id) - 1);
    const item = document.getElementById(id);
    if (!item || (answer.isCounted && !answer.late && waiting.get(id))) return;
    if (answer.isCounted && !answer.late) return show(item, answer.units);
    if (answer.late) return keepTyped(item, before);
    show(item, answer.units ?? before);
    tell("scan:refused", { kind: answer.code, words: answer.message });
    list.dispatchEvent(new CustomEvent("items:draw", { detail: id.replace("item-", "") }));
  });

  const count = (item, code) => {
    const now = pickedOf(item) + unitsOf(item, code);
    if (now > mostOf(item)) return tell("scan:refused", { kind: "too_many_picked", words: "" });
    const isFull = now === mostOf(item);
    add(item, { scan: code });
    show(item, now);
    item.classList.add("item--counted");
    setTimeout(() => item.classList.remove("item--counted"), 700);
    tell("packbench:sound", isFull ? "full" : "counted");
    navigator.vibrate?.(isFull ? [40, 60, 40] : 40);
    const other = document.querySelector(".scan").dataset.keyboard && list.dataset.other;
    const words = [item.querySelector(".item__count")?.textContent, other];
    const message = document.getElementById("scan-message");
    message.textContent = `${item.querySelector(".item__name").textContent}: ${words.filter(Boolean).join(". ")}`;
    message.classList.add("scan__message--counted");
  };

  // The code of an item that is all picked ships it. A number typed just before counts first.
  document.addEventListener("item:scanned", ({ target: item, detail: code }) => {
    const [form, field] = [item.querySelector(".item__ship"), fieldOf(item)];
    sendTyped(item);
    if (form && pickedOf(item) > 0 && pickedOf(item) >= mostOf(item)) form.requestSubmit();
    else if (form || item.matches("[data-ahead]")) count(item, code);
  });

  const forget = ({ id }) => (clearTimeout(typing.get(id)), typing.delete(id));
  const sendTyped = (item) => {
    forget(item);
    const field = fieldOf(item);
    const typed = field && isEntered(field) ? field.value.trim() : "";
    if (!/^\d{1,9}$/.test(typed) || Number(typed) === pickedOf(item) || Number(typed) > mostOf(item)) return;
    const seen = { seen_units: pickedOf(item), seen_shipped: field.form.elements.seen_shipped.value };
    add(item, { units: Number(typed), ...seen }, true);
    show(item, Number(typed));
  };
  list.addEventListener("change", ({ target: field }) => {
    if (!field.matches(".item__ship .stepper__input")) return;
    const item = field.closest(".item");
    forget(item);
    typing.set(item.id, setTimeout(sendTyped, SOON, item));
  });
  list.addEventListener("submit", ({ target: form }) => forget(form.closest(".item")), true);
  const typedItems = () => [...typing.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  addEventListener("pagehide", () => typedItems().forEach(sendTyped));

  // What is drawn meanwhile does not know the counts that are under way.
  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    for (const id of [...waiting.keys()].filter((one) => waiting.get(one))) {
      const shown = document.getElementById(id);
      for (const { fragment } of tasks) {
        const drawn = fragment?.querySelector(`#${id}`);
        if (drawn && shown && !shown.matches("[data-ahead]")) show(drawn, pickedOf(shown));
      }
    }
  });
});
