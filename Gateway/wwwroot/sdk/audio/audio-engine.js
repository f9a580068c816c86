// @ts-check
import { Comparison } from './alignment.js';
import { AudioPath, FADE_SECONDS } from './audio-path.js';

/**
 * Every path is delayed by this much, so that the next one can be moved forward as well as back to meet it. Jitter buffers work in
 * blocks of 10 ms: with the same target, two of them are up to 11 ms apart (measured), and that much would be skipped or repeated.
 */
const HEADROOM_SECONDS = 0.015;
/** A longer time from the join to the first audio says nothing about the service: no participant spoke before. */
const FIRST_AUDIO_MS = 10_000;

/**
 * Figures for the operator's dashboards (`quality` of docs/signaling.md).
 * @typedef {{ firstAudioMs?: number, switchGapMs?: number }} AudioFigures
 */

/**
 * Plays all received audio in one AudioContext: voice → path (one per transport) → output → loudspeaker.
 * Two paths in one context share one clock, so a switch can swap them within one render quantum.
 */
export class AudioEngine {
  #owned;
  #startedAt = 0;
  #hasPlayed = false;
  /** @type {AudioFigures} */
  #figures = {};

  /** @param {AudioContext} [context] one of the application's; never closed here */
  constructor(context) {
    this.#owned = context === undefined;
    this.context = context ?? new AudioContext({ latencyHint: 'interactive' });
    /** The node to which everything is mixed; deafening sets its gain to 0. */
    this.output = this.context.createGain();
    this.output.connect(this.context.destination);
  }

  /** The browser plays nothing before the user has clicked somewhere. */
  get blocked() {
    return this.context.state !== 'running';
  }

  async resume() {
    await this.context.resume();
    return !this.blocked;
  }

  /** @param {boolean} deafened */
  deafen(deafened) {
    this.output.gain.setTargetAtTime(deafened ? 0 : 1, this.context.currentTime, FADE_SECONDS / 3);
  }

  /**
   * @param {{ audible: boolean, into?: AudioPath }} options `into`: a path within a path, which has no headroom of its own
   */
  createPath({ audible, into }) {
    return new AudioPath(this.context, into?.input ?? this.output, audible, into ? 0 : HEADROOM_SECONDS);
  }

  /**
   * Starts to measure how far apart two paths are; needs some 200 ms before {@link crossFade}.
   * @param {AudioPath} from
   * @param {AudioPath} to
   */
  compare(from, to) {
    return new Comparison(this.context, from.input, to.input);
  }

  /**
   * Swaps two paths at one moment of the context's clock. The fade is linear because both carry the same voices: equal-power
   * curves are for unrelated sounds and would swell by 3 dB here.
   * @param {AudioPath | null} from
   * @param {AudioPath} to
   * @param {Comparison} [comparison] of the two; with it, the new path is first aligned with the old one
   */
  crossFade(from, to, comparison) {
    if (comparison) {
      const lag = comparison.lag();
      const remainder = to.advance(lag);
      comparison.close();
      // 0: no participant spoke, or the two cannot be compared.
      if (lag !== 0) {
        this.#figures.switchGapMs = Math.round(remainder * 10_000) / 10;
      }
    }
    // One render quantum ahead, so that both ramps begin in the same one.
    const at = this.context.currentTime + 0.005;
    from?.fade(0, at);
    to.fade(1, at);
  }

  /** Starts to measure the time to the first audio. The time excludes the browser's questions to the user. */
  startClock() {
    this.#startedAt = performance.now();
  }

  /** Notes that another participant can be heard; the first time gives the time to first audio. */
  noteRemoteAudio() {
    const after = performance.now() - this.#startedAt;
    if (!this.#hasPlayed && after <= FIRST_AUDIO_MS) {
      this.#figures.firstAudioMs = Math.round(after * 10) / 10;
    }
    this.#hasPlayed = true;
  }

  /** Returns the figures measured since the last call. */
  takeFigures() {
    const figures = this.#figures;
    this.#figures = {};
    return figures;
  }

  close() {
    this.output.disconnect();
    if (this.#owned && this.context.state !== 'closed') {
      void this.context.close();
    }
  }
}
