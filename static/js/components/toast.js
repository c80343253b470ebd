// Shows a toast for ten seconds, and longer while it is hovered or focused. A new toast replaces it.
const STAY = 10000;
const AFTER = 4000; // Least time once nobody touches it.

bind("toast", (place) => {
  let timer;
  const leave = () => {
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren();
    if (hadFocus) document.getElementById("main").focus({ preventScroll: true });
  };
  const isWatched = () => place.matches(":hover") || place.contains(document.activeElement);
  const wait = (time) => {
    clearTimeout(timer);
    timer = setTimeout(() => (isWatched() ? wait(AFTER) : leave()), time);
  };

  new MutationObserver(() => place.firstElementChild && wait(STAY)).observe(place, { childList: true });
  for (const sign of ["pointerleave", "focusout"]) place.addEventListener(sign, () => wait(AFTER));
  for (const sign of ["pointerenter", "focusin"]) place.addEventListener(sign, () => clearTimeout(timer));
  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && place.firstElementChild) leave();
  });
});
