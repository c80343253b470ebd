// Loads complete panels of the items near the screen, one section of the list at a time; an order may have hundreds.
const SOON = 60;
const AGAIN = 2000;
const namesIn = (section) => [...section.querySelectorAll("[data-ahead]")].map((item) => item.dataset.ahead);

bind("draw-ahead", (list) => {
  const near = new Set();
  let asked = 0;

  const load = (ids) =>
    htmx.ajax("GET", `${list.dataset.items}${list.dataset.items.includes("?") ? "&" : "?"}ids=${ids}`, { source: list, target: list, swap: "none" });
  list.addEventListener("items:draw", ({ detail: ids }) => load(ids));

  const draw = async () => {
    asked = 0;
    const sections = [...near];
    near.clear();
    const ids = sections.flatMap(namesIn).join(",");
    if (!ids) return;
    const scanned = list.querySelector(".item--target[data-ahead]")?.id;
    await load(ids);
    // Loading panels around the scanned item has moved it.
    if (scanned) document.getElementById(scanned).dispatchEvent(new CustomEvent("item:point", { bubbles: true }));
    // A response may get lost: items that are still only named are requested again when they come near.
    for (const section of sections) {
      observer.unobserve(section);
      if (namesIn(section).length) setTimeout(() => observer.observe(section), AGAIN);
    }
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) near.add(entry.target);
        else near.delete(entry.target);
      }
      if (near.size && !asked) asked = setTimeout(draw, SOON);
    },
    { rootMargin: "100% 0px" },
  );
  for (const section of list.children) if (namesIn(section).length) observer.observe(section);
});
