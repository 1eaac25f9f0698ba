const KEPT = "felt-outbid";
const NOTES_HZ = [659, 494];
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.12;
const VIBRATION_MS = [120, 60, 120];

/** Whether somebody has asked to hear and feel that he is outbid. */
export function isFelt(): boolean {
  return localStorage.getItem(KEPT) !== null;
}

export function setFelt(felt: boolean): void {
  if (felt) localStorage.setItem(KEPT, "1");
  else localStorage.removeItem(KEPT);
}

/** Two short notes, and a shake where the device can and motion is welcome. */
export function feel(): void {
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) navigator.vibrate?.(VIBRATION_MS);
  try {
    const context = new AudioContext();
    NOTES_HZ.forEach((frequency, place) => {
      const at = context.currentTime + place * NOTE_SECONDS;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(LOUDNESS, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + NOTE_SECONDS);
      if (place === NOTES_HZ.length - 1) tone.onended = () => void context.close();
    });
  } catch {
    // No sound on this device; the page says it anyway.
  }
}
