// @ts-check

const POLL_MS = 120;
/** The linear level above which a participant speaks (RFC 6464: 1 is 0 dBov, 0.01 is -40 dBov): a quiet room is well below. */
const THRESHOLD = 0.01;
/** A participant counts as speaking during pauses up to this length: the pauses between words. */
const HOLD_MS = 300;

/**
 * The participants that speak now. Reads the levels of the transport and of the own microphone some eight times a second, and reports
 * only changes.
 */
export class SpeakingMonitor {
  /** @type {Map<number, number>} number → the time until which it counts as speaking */
  #until = new Map();
  #source;
  #timer;

  /**
   * @param {{ levels: () => Map<number, number>, muted: (number: number) => boolean, changed: (speaking: Set<number>) => void }} source
   */
  constructor(source) {
    this.#source = source;
    /** @type {Set<number>} */
    this.speaking = new Set();
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  close() {
    clearInterval(this.#timer);
  }

  #poll() {
    const now = performance.now();
    for (const [number, level] of this.#source.levels()) {
      if (level >= THRESHOLD) {
        this.#until.set(number, now + HOLD_MS);
      }
    }
    for (const [number, until] of this.#until) {
      if (until <= now || this.#source.muted(number)) {
        this.#until.delete(number);
      }
    }
    const speaking = new Set(this.#until.keys());
    if (speaking.size !== this.speaking.size || [...speaking].some((number) => !this.speaking.has(number))) {
      this.speaking = speaking;
      this.#source.changed(speaking);
    }
  }
}
