// A toast stays for ten seconds, and as long as somebody is at it. The next one takes its place.
const STAY = 10000;
const AFTER = 4000; // What remains at least once nobody is at it any more.

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
