// Jumps to a scanned item without a round trip. For items that are finished or not in this order, the server answers by
// the field only, so that typed quantities stay.
const code = (text) => text.trim().toLowerCase().replace(/^0+/, "");
const itemsWith = (scanned) =>
  [...document.querySelectorAll(".item__codes")]
    .filter((codes) => codes.textContent.split(" · ").some((text) => code(text) === scanned))
    .map((codes) => codes.closest(".item"));
const pointAt = (item) => item.dispatchEvent(new CustomEvent("item:point", { bubbles: true }));

const say = (words) => (document.getElementById("scan-message").textContent = words);

bind("scan", (form) => {
  const field = form.elements.scan;

  // What was not on the order is over once something ships, in the field as well.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (sourceElement?.method !== "post" || response.status >= 400) return;
    if (document.getElementById("scan-message").textContent) field.value = "";
    say("");
  });

  const refuse = (items) => {
    if (items.length) pointAt(items[0]);
    field.select();
    document.dispatchEvent(new CustomEvent("packbench:sound", { detail: "refused" }));
  };

  const jump = (item) => {
    field.value = "";
    say("");
    pointAt(item);
    item.focus({ preventScroll: true });
  };

  form.addEventListener(
    "submit",
    (event) => {
      const scanned = code(field.value);
      const items = scanned ? itemsWith(scanned) : [];
      const open = items.find((one) => !one.matches(".item--done"));
      if (!open) return refuse(items);
      event.preventDefault();
      event.stopImmediatePropagation();
      jump(open);
    },
    true,
  );
});
