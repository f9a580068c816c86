// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';
import { AudioTicks } from './audio-ticks.js';

/** @import { TalkMode } from '../types.js' */

const TICK_SECONDS = 0.02;
/** The default level that opens voice activation, -42 dB: above a quiet room and a keyboard in it, below speech into a headset. */
const DEFAULT_THRESHOLD = 0.3;
/** The time from the release of the key to silence: speakers often release it before the end of the last syllable. */
const RELEASE_MS = 150;
/** The pause after which voice activation stops sending: longer than the pauses between words. */
const PAUSE_MS = 500;

/**
 * The condition under which the microphone transmits: always, while a key is held, or while it picks up speech. Muting is independent of
 * it.
 *
 * @extends {Emitter<{ changed: boolean }>}
 */
export class Talk extends Emitter {
  #context;
  #level;
  /** @type {TalkMode} */
  #mode = { mode: 'open' };
  #open = true;
  /** @type {AudioTicks | null} */
  #ticks = null;
  /** Seconds of the context's clock. */
  #until = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #releaseTimer;

  /**
   * @internal
   * @param {AudioContext} context
   * @param {() => number} level of the microphone, 0…1
   */
  constructor(context, level) {
    super();
    this.#context = context;
    this.#level = level;
  }

  get mode() {
    return this.#mode;
  }

  /** Speech is sent now, unless you are muted. */
  get open() {
    return this.#open;
  }

  /** @param {TalkMode} mode */
  use(mode) {
    const { threshold = DEFAULT_THRESHOLD, hangMs = 0 } = /** @type {{ threshold?: number, hangMs?: number }} */ (mode);
    if (!['open', 'pushToTalk', 'voiceActivation'].includes(mode.mode) || !(threshold >= 0 && threshold <= 1) || !(hangMs >= 0)) {
      const sentence = 'A talk mode is open, pushToTalk or voiceActivation, with a threshold of 0 to 1 and a hangMs of 0 or more.';
      throw new VoiceError('badTalkMode', sentence);
    }
    const same = mode.mode === this.#mode.mode;
    this.#mode = mode;
    if (same) {
      return; // another threshold does not cut off the speaker
    }
    this.#stop();
    if (mode.mode === 'voiceActivation') {
      this.#until = 0;
      this.#ticks = new AudioTicks(this.#context, TICK_SECONDS, () => this.#listen());
    }
    this.#set(mode.mode === 'open');
  }

  /** Starts transmitting in the mode `pushToTalk`, until {@link release}: call it when the key or button is pressed. */
  press() {
    if (this.#mode.mode === 'pushToTalk') {
      clearTimeout(this.#releaseTimer);
      this.#set(true);
    }
  }

  release() {
    if (this.#mode.mode === 'pushToTalk' && this.#open) {
      clearTimeout(this.#releaseTimer);
      this.#releaseTimer = setTimeout(() => this.#set(false), this.#mode.hangMs ?? RELEASE_MS);
    }
  }

  /** @internal */
  close() {
    this.#stop();
  }

  #listen() {
    if (this.#mode.mode !== 'voiceActivation') {
      return;
    }
    const { threshold = DEFAULT_THRESHOLD, hangMs = PAUSE_MS } = this.#mode;
    const now = this.#context.currentTime;
    if (this.#level() >= threshold) {
      this.#until = now + hangMs / 1000;
      this.#set(true);
    } else if (now >= this.#until) {
      this.#set(false);
    }
  }

  #stop() {
    clearTimeout(this.#releaseTimer);
    this.#ticks?.close();
    this.#ticks = null;
  }

  /** @param {boolean} open */
  #set(open) {
    if (open !== this.#open) {
      this.#open = open;
      this.emit('changed', open);
    }
  }
}
