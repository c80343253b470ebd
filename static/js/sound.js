// Two soft sounds, made on the spot: what was asked for is done, or it was refused. They can be turned off; the device
// remembers that. Browsers keep quiet until somebody has touched the page.
const OFF = "packbench-sound-off";
const VOLUME = 0.07;
const SOUNDS = {
  done: { shape: "sine", notes: [[660, 0], [990, 0.08]], length: 0.16 },
  refused: { shape: "triangle", notes: [[196, 0], [165, 0.16]], length: 0.2 },
};

let isOn = true;
try {
  isOn = localStorage.getItem(OFF) === null;
} catch {
  // Storage is shut (private mode): the choice then lasts for one page.
}

let audio;
const wake = () => {
  if (!isOn || !("AudioContext" in window)) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
};
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, wake, { capture: true, passive: true });

const play = (name) => {
  if (!isOn || audio?.state !== "running") return;
  const { shape, notes, length } = SOUNDS[name];
  for (const [pitch, after] of notes) {
    const tone = new OscillatorNode(audio, { type: shape, frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + after;
    volume.gain.linearRampToValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(VOLUME, start + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + length);
  }
};
document.addEventListener("packbench:sound", (event) => play(event.detail));

// Whatever a person sends has one of two ends, as far as it is heard.
const isSent = (element) => element instanceof HTMLFormElement && element.method === "post";
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (isSent(sourceElement)) play(response.status < 400 ? "done" : "refused");
});
document.addEventListener("htmx:error", (event) => {
  if (isSent(event.detail.ctx?.sourceElement)) play("refused");
});

const show = () => {
  for (const button of document.querySelectorAll("[data-sound-toggle]")) {
    button.setAttribute("aria-pressed", String(isOn));
  }
};
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-sound-toggle]")) return;
  isOn = !isOn;
  show();
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  } catch {
    // As above.
  }
  if (!isOn) return;
  wake();
  play("done");
});
show();
