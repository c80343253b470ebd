// A finger that taps twice means it once, and so does a key that is held down. By the second tap the answer to the first
// may be drawn: the same button would ship what is left, or another one has moved under the finger.
const TWICE = 400; // Milliseconds, in which nobody has read what an answer says.
const NEAR = 40;

let sent = null; // The click that sent something, or the last one that followed it at once.

// A mouse counts its clicks itself; fingers are told by place and time.
const isAgain = (event) =>
  sent &&
  event.timeStamp - sent.at < TWICE &&
  (event.pointerType === "mouse"
    ? event.detail > 1
    : Math.hypot(event.clientX - sent.x, event.clientY - sent.y) < NEAR);

document.addEventListener(
  "click",
  (event) => {
    if (!event.detail) return; // Pressed by a key, or by a script.
    const again = isAgain(event);
    if (again) {
      event.preventDefault();
      event.stopPropagation();
    }
    const sends = event.target.closest("form[method=post] button:not([type=button])");
    sent = again || sends ? { at: event.timeStamp, x: event.clientX, y: event.clientY } : null;
  },
  true,
);
document.addEventListener("htmx:after:swap", (event) => {
  if (sent && event.detail.ctx.sourceElement?.method === "post") sent.at = event.timeStamp;
});
for (const sign of ["input", "change"]) document.addEventListener(sign, () => (sent = null), true);

document.addEventListener(
  "keydown",
  (event) => {
    const presses = event.target.matches?.("form[method=post] :is(button, input)");
    if (presses && event.repeat && event.key === "Enter") event.preventDefault();
  },
  true,
);
