/** One note: pitch in hertz, start and length in milliseconds. */
export interface Note {
  readonly hz: number;
  readonly atMs: number;
  readonly forMs: number;
}

/** Notes one after the other, each `forMs` long. */
export function notesInARow(forMs: number, ...pitches: number[]): Note[] {
  return pitches.map((hz, index) => ({ hz, atMs: index * forMs, forMs }));
}

/** Volume of the loudest moment, 0..1. */
const PEAK = 0.25;
/** An exponential ramp never reaches nothing. */
const QUIETEST = 0.001;
const ATTACK_S = 0.015;
/** A prompt that could not sound within this time is out of date. */
const STALE_MS = 1000;

/**
 * Plays notes with WebAudio, made on the spot: no sound files. Without permission to sound (Chromium wants a touch first unless
 * it was started with `--autoplay-policy=no-user-gesture-required`) it stays silent until there is one.
 */
export class TonePlayer {
  #context: AudioContext | null = null;
  #playing: OscillatorNode[] = [];
  #newest: readonly Note[] = [];

  /** `volume`: 0..1 of the loudest this player plays. */
  play(notes: readonly Note[], volume = 1): void {
    this.#context ??= new AudioContext();
    const context = this.#context;
    for (const oscillator of this.#playing) oscillator.stop();
    this.#playing = [];
    this.#newest = notes;
    const askedAtMs = performance.now();
    // Resolves at once when sound is allowed, otherwise with the first touch: what is old by then stays unsaid.
    void context.resume().then(() => {
      if (this.#newest !== notes || performance.now() - askedAtMs > STALE_MS) return;
      this.#playing = notes.map((note) => sound(context, note, volume));
    });
  }
}

function sound(context: AudioContext, note: Note, volume: number): OscillatorNode {
  const start = context.currentTime + note.atMs / 1000;
  const end = start + note.forMs / 1000;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(Math.max(QUIETEST, PEAK * volume), start + ATTACK_S);
  gain.gain.exponentialRampToValueAtTime(QUIETEST, end);
  const oscillator = new OscillatorNode(context, { type: 'triangle', frequency: note.hz });
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
  return oscillator;
}
