// Holds back news of the order list while somebody touches it, so that nothing changes under a finger.
const CALM = 1_500;
const SIGNS = { pointerdown: true, pointerup: false, pointercancel: false, scroll: false };

bind("calm", (list) => {
  let isDown = false;
  let touched = -Infinity;

  for (const [name, down] of Object.entries(SIGNS)) {
    const touch = () => {
      isDown = down;
      touched = performance.now();
    };
    document.addEventListener(name, touch, { capture: true, passive: true });
  }

  list.addEventListener("news:before", (event) => {
    const isTouched = isDown || performance.now() - touched <= CALM;
    if (isTouched || document.querySelector("details[open], dialog[open]")) event.preventDefault();
  });
});
