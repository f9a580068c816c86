// @ts-check
import { Voice } from './voice.js';

/** The length of a fade: long enough not to click, short enough that two copies of one voice a millisecond apart are not heard as two. */
export const FADE_SECONDS = 0.01;

const MOST_DELAY_SECONDS = 0.12;
/** After a switch the delay stays for a moment, then returns so slowly that a voice is 0.2 % faster or slower: under four cents. */
const HOLD_SECONDS = 1;
const RETURN_RATE = 0.002;

/** The voices that arrive over one transport. */
export class AudioPath {
  /** @type {Set<Voice>} */
  #voices = new Set();
  #target;
  #headroom;

  /**
   * @param {AudioContext} context
   * @param {AudioNode} into
   * @param {boolean} audible
   * @param {number} headroom seconds
   */
  constructor(context, into, audible, headroom) {
    this.context = context;
    this.#target = audible ? 1 : 0;
    this.#headroom = headroom;
    /** The node to which the voices are connected. A comparison of two paths listens to its output. */
    this.input = context.createDelay(MOST_DELAY_SECONDS);
    this.input.delayTime.value = headroom;
    this.gain = context.createGain();
    this.gain.gain.value = this.#target;
    this.input.connect(this.gain).connect(into);
  }

  /** @param {MediaStreamTrack} track */
  attach(track) {
    const voice = new Voice(this.context, this.input, track, () => this.#voices.delete(voice));
    this.#voices.add(voice);
    return voice;
  }

  /**
   * Plays earlier (or, negative, later) from now on, and drifts back to the usual delay. Only for an inaudible path: the delay jumps.
   * @param {number} seconds
   * @returns {number} the seconds beyond its range, which are skipped or repeated
   */
  advance(seconds) {
    const { currentTime } = this.context;
    const { delayTime } = this.input;
    const delay = Math.min(MOST_DELAY_SECONDS, Math.max(0, this.#headroom - seconds));
    delayTime.cancelScheduledValues(currentTime);
    delayTime.setValueAtTime(delay, currentTime);
    delayTime.setValueAtTime(delay, currentTime + HOLD_SECONDS);
    delayTime.linearRampToValueAtTime(this.#headroom, currentTime + HOLD_SECONDS + Math.abs(delay - this.#headroom) / RETURN_RATE);
    return Math.abs(this.#headroom - delay - seconds);
  }

  /**
   * @param {0 | 1} target
   * @param {number} [at] seconds on the context's clock
   */
  fade(target, at = this.context.currentTime) {
    const { gain } = this.gain;
    gain.cancelScheduledValues(at);
    gain.setValueAtTime(this.#target, at);
    gain.linearRampToValueAtTime(target, at + FADE_SECONDS);
    this.#target = target;
  }

  close() {
    for (const voice of [...this.#voices]) {
      voice.close();
    }
    this.input.disconnect();
    this.gain.disconnect();
  }
}
