// Plays short sounds, generated on the spot: done or refused, softly; counted or all picked; those of a wrong scan; and told
// that the order is stopped or another's. They can be switched off, per device. Browsers stay
// silent until somebody has touched the page.
const OFF = "packbench-sound-off";
const VOLUME = 0.07;
const LOUD = 0.25;
const SOUNDS = {
  done: { shape: "sine", notes: [[660, 0], [990, 0.08]], length: 0.16 },
  told: { shape: "square", notes: [[880, 0], [587, 0.18], [880, 0.36]], length: 0.17 },
  refused: { shape: "triangle", notes: [[196, 0], [165, 0.16]], length: 0.2 },
  counted: { shape: "sine", notes: [[1320, 0]], length: 0.09, volume: LOUD },
  wrong_code: { shape: "square", notes: [[220, 0], [220, 0.18], [220, 0.36]], length: 0.14, volume: LOUD },
  too_many_picked: { shape: "square", notes: [[440, 0], [311, 0.2]], length: 0.2, volume: LOUD },
  damaged: { shape: "sawtooth", notes: [[294, 0], [247, 0.12], [208, 0.24]], length: 0.12, volume: LOUD },
  unknown: { shape: "triangle", notes: [[523, 0], [262, 0.16], [523, 0.32]], length: 0.14, volume: LOUD },
  full: { shape: "sine", notes: [[1320, 0], [1760, 0.1]], length: 0.14, volume: LOUD },
};

const isKeptOff = () => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // Storage is blocked (private mode): the choice lasts for one page.
  }
};
const keep = (isOn) => {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  } catch {
    // As above.
  }
};

const play = (audio, { shape, notes, length, volume: loudness = VOLUME }) => {
  for (const [pitch, after] of notes) {
    const tone = new OscillatorNode(audio, { type: shape, frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + after;
    volume.gain.linearRampToValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(loudness, start + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + length);
  }
};
const isSent = (element) => element instanceof HTMLFormElement && element.method === "post";

bind("sound", (button) => {
  let isOn = !isKeptOff();
  let audio;
  const wake = () => {
    if (!isOn || !("AudioContext" in window)) return;
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume();
  };
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, wake, { capture: true, passive: true });

  const sound = (name) => {
    if (isOn && audio?.state === "running") play(audio, SOUNDS[name] ?? SOUNDS.refused);
  };
  document.addEventListener("packbench:sound", (event) => sound(event.detail));

  // Every request a person sends ends as done or refused.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (isSent(sourceElement)) sound(response.status < 400 ? "done" : "refused");
  });
  document.addEventListener("htmx:error", (event) => {
    if (isSent(event.detail.ctx?.sourceElement)) sound("refused");
  });

  const show = () => button.setAttribute("aria-pressed", String(isOn));
  button.addEventListener("click", () => {
    isOn = !isOn;
    show();
    keep(isOn);
    if (!isOn) return;
    wake();
    sound("done");
  });
  show();
});
