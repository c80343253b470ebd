// Counts a double tap, or a key held down, as one tap. By the second tap the first response may be drawn: the same
// button would ship the rest, or another one has moved under the finger.
const TWICE = 400; // Milliseconds, in which nobody has read a response.
const NEAR = 40;

let sent = null; // The click that sent something, or the last repeat of it.

// A mouse counts its clicks itself; for fingers, compare place and time.
const isAgain = (event) =>
  sent &&
  event.timeStamp - sent.at < TWICE &&
  (event.pointerType === "mouse"
    ? event.detail > 1
    : Math.hypot(event.clientX - sent.x, event.clientY - sent.y) < NEAR);

document.addEventListener(
  "click",
  (event) => {
    if (!event.detail) return; // By a key or a script.
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
