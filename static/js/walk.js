// The walk along the shelves: a scan leads to its item, items ahead are drawn whole as one comes near, and what is done is
// folded away while nobody is at the screen.
const main = document.getElementById("main");
const pick = document.querySelector(".pick");
const scan = document.querySelector(".scan");
const list = document.getElementById("to-do");
const done = document.getElementById("done");
const doneItems = document.getElementById("done-items");

// Classes of the page's own, since a rule with :has() would cost more than all else that a tap does.
document.documentElement.classList.add("picks");
const showEnd = () => {
  pick.classList.toggle("pick--complete", document.getElementById("shipment-status").matches(".status--complete"));
};

// A scan jumps to its item without a round trip. What is done or not here the server tells, beside the field alone, so
// that nothing half typed is lost.
const code = (text) => text.trim().toLowerCase().replace(/^0+/, "");
const itemsWith = (wanted) =>
  [...pick.querySelectorAll(".item__codes")]
    .filter((codes) => codes.textContent.split(" · ").some((text) => code(text) === wanted))
    .map((codes) => codes.closest(".item"));
const pointAt = (item) => {
  pick.querySelector(".item--wanted")?.classList.remove("item--wanted");
  item.classList.add("item--wanted");
  item.closest("details")?.setAttribute("open", "");
  item.scrollIntoView({ block: "center" });
  // What it passed by has another height once it is drawn.
  requestAnimationFrame(() => item.scrollIntoView({ block: "center" }));
};
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== scan) return;
    const wanted = code(scan.elements.scan.value);
    const items = wanted ? itemsWith(wanted) : [];
    const open = items.find((one) => !one.matches(".item--done"));
    if (!open) {
      if (items.length) pointAt(items[0]);
      scan.elements.scan.select();
      document.dispatchEvent(new CustomEvent("packbench:sound", { detail: "refused" }));
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    scan.elements.scan.value = "";
    document.getElementById("scan-message").textContent = "";
    pointAt(open);
    open.focus({ preventScroll: true });
  },
  true,
);

// A scanner types: where no field has the focus, what it types goes into the scan field.
document.addEventListener("keydown", (event) => {
  const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isText && document.activeElement.matches("body, main, .item")) scan.elements.scan.focus();
});

// Of hundreds of items, those near the screen are drawn whole: a stretch of the walk at a time.
const SOON = 60;
const near = new Set();
const ahead = (stretch) => [...stretch.querySelectorAll("[data-ahead]")].map((item) => item.dataset.ahead);
let asked = 0;
const ask = async () => {
  asked = 0;
  const stretches = [...near];
  near.clear();
  const ids = stretches.flatMap(ahead).join(",");
  if (!ids) return;
  const scanned = list.querySelector(".item--wanted[data-ahead]")?.id;
  await htmx.ajax("GET", `${pick.dataset.items}?wanted=${ids}`, { source: list, target: list, swap: "none" });
  if (scanned) pointAt(document.getElementById(scanned)); // What was drawn around it moved it.
  // An answer may be lost: what still is only named is asked for again, when it is near.
  for (const stretch of stretches) {
    observer.unobserve(stretch);
    if (ahead(stretch).length) setTimeout(() => observer.observe(stretch), 2000);
  }
};
const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) near.add(entry.target);
      else near.delete(entry.target);
    }
    if (near.size && !asked) asked = setTimeout(ask, SOON);
  },
  { rootMargin: "100% 0px" },
);
for (const stretch of list.children) if (ahead(stretch).length) observer.observe(stretch);

// What is done stays where it was while somebody is at the screen, so that nothing moves under a finger, and is folded
// away after. What was taken back returns to where it was.
const IDLE = 4000;
const before = new WeakMap();
let touched = 0;
let folding = 0;
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) {
  addEventListener(sign, () => (touched = performance.now()), { capture: true, passive: true });
}
const fold = () => {
  folding = 0;
  const left = touched + IDLE - performance.now();
  if (left > 0) {
    folding = setTimeout(fold, left);
    return;
  }
  for (const item of list.querySelectorAll(".item--done")) {
    if (item.querySelector(".notice") || item.closest(".htmx-request")) continue;
    const hasFocus = item.contains(document.activeElement);
    const place = document.createComment("");
    item.replaceWith(place);
    before.set(item, place);
    doneItems.prepend(item);
    // The walk goes on at the next item, or once all is shipped at what comes after.
    if (hasFocus) (list.querySelector(".item") ?? pick.querySelector(".pick__end a") ?? main).focus({ preventScroll: true });
  }
  done.hidden = !doneItems.children.length;
};
document.addEventListener("htmx:after:swap", () => {
  showEnd();
  for (const item of doneItems.querySelectorAll(".item:not(.item--done)")) {
    const place = before.get(item);
    if (place?.isConnected) place.replaceWith(item);
    else list.prepend(item);
    item.scrollIntoView({ block: "nearest" });
  }
  done.hidden = !doneItems.children.length;
  if (!folding && list.querySelector(".item--done")) folding = setTimeout(fold, IDLE);
});

// On narrow screens the shipment status is a bar that opens. Whether it is open is kept beside the panel, which is drawn
// anew with every ship.
const holder = document.querySelector(".pick__status");
const toggle = () => holder.querySelector(".status__toggle");
const open = (isOpen) => {
  holder.toggleAttribute("data-open", isOpen);
  toggle().setAttribute("aria-expanded", String(isOpen));
};
document.addEventListener("click", (event) => {
  if (event.target.closest(".status__head")) {
    if (toggle().checkVisibility()) open(!holder.hasAttribute("data-open"));
  } else if (!holder.contains(event.target) || event.target.closest(".status__lines a")) open(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !holder.hasAttribute("data-open")) return;
  open(false);
  toggle().focus();
});
document.addEventListener("htmx:after:swap", () => {
  toggle().setAttribute("aria-expanded", String(holder.hasAttribute("data-open")));
});
