// @ts-check
import { Comparison } from './alignment.js';

/** Long enough not to click, short enough that two copies of one voice a millisecond apart are not heard as two. */
export const FADE_SECONDS = 0.01;

/**
 * Every path is delayed by this much, so that the next one can be moved forward as well as back to meet it. Jitter buffers work in
 * blocks of 10 ms: with the same target, two of them are up to 11 ms apart (measured), and that would be skipped or said twice.
 */
const HEADROOM_SECONDS = 0.015;
const MOST_DELAY_SECONDS = 0.12;
/** Time constant of a voice's own gain: 99 % of the way after five of them. */
const GAIN_SECONDS = 0.002;
const LOOK_AHEAD_RAMP_SECONDS = 0.5;
/** After a switch the delay stays for a moment, then goes back so slowly that a voice is 0.2 % faster or slower: under four cents. */
const HOLD_SECONDS = 1;
const RETURN_RATE = 0.002;
/** Whoever is heard for the first time later than this after joining has only just begun to speak: that says nothing about us. */
const FIRST_AUDIO_MS = 10_000;

/**
 * For the operator's dashboards (`quality` of docs/signaling.md).
 * @typedef {{ firstAudioMs?: number, switchGapMs?: number }} AudioNews
 */

/**
 * What is heard. One AudioContext for everything: voice → path (one per transport) → output → loudspeaker.
 * Two paths in one context share one clock, which is what lets a switch swap them within one render quantum.
 */
export class AudioEngine {
  #owned;
  #begun = 0;
  #heard = false;
  /** @type {AudioNews} */
  #news = {};

  /** @param {AudioContext} [context] one of the application's; never closed here */
  constructor(context) {
    this.#owned = context === undefined;
    this.context = context ?? new AudioContext({ latencyHint: 'interactive' });
    /** Everything is mixed to this node; to be deaf is to set its gain to 0. */
    this.output = this.context.createGain();
    this.output.connect(this.context.destination);
  }

  /** The browser holds sound back until the user has clicked somewhere. */
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
   * Begins to listen how far apart two paths are; wants some 200 ms before {@link crossFade}.
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
   * @param {Comparison} [comparison] of the two; with it, the new path first falls in step with the old
   */
  crossFade(from, to, comparison) {
    if (comparison) {
      const lag = comparison.lag();
      const left = to.advance(lag);
      comparison.close();
      // 0: nobody spoke, or the two cannot be compared.
      if (lag !== 0) {
        this.#news.switchGapMs = Math.round(left * 10_000) / 10;
      }
    }
    // One render quantum ahead, so that both ramps begin in the same one.
    const at = this.context.currentTime + 0.005;
    from?.fade(0, at);
    to.fade(1, at);
  }

  /** The channel is joined from here on: what the browser asks of a person before is not our time. */
  begin() {
    this.#begun = performance.now();
  }

  /** Somebody else sounds. */
  heard() {
    const after = performance.now() - this.#begun;
    if (!this.#heard && after <= FIRST_AUDIO_MS) {
      this.#news.firstAudioMs = Math.round(after * 10) / 10;
    }
    this.#heard = true;
  }

  /** What happened since this was last asked. */
  takeNews() {
    const news = this.#news;
    this.#news = {};
    return news;
  }

  close() {
    this.output.disconnect();
    if (this.#owned && this.context.state !== 'closed') {
      void this.context.close();
    }
  }
}

/** The voices that came over one transport. */
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
    /** Where the voices come in; what leaves it is what {@link AudioEngine.compare} hears. */
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
   * Plays earlier (or, negative, later) from now on, and drifts back to the usual delay. Only for a path that is not heard: it jumps.
   * @param {number} seconds
   * @returns {number} seconds that it cannot: what is skipped, or heard twice
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

/** One remote track. */
export class Voice {
  #context;
  #element;
  #source;
  #gain;
  #wanted = 1;
  /** @type {DelayNode | null} */
  #delay = null;
  #ahead = 0;
  #closed;

  /**
   * @param {AudioContext} context
   * @param {AudioNode} into
   * @param {MediaStreamTrack} track
   * @param {() => void} closed
   */
  constructor(context, into, track, closed) {
    this.#context = context;
    const stream = new MediaStream([track]);
    // A remote track is decoded only while some media element plays it. The element is muted: it is the engine, and WebAudio
    // is the loudspeaker. Nobody but this object refers to it, so it must stay in a field or it is collected and falls silent.
    this.#element = new Audio();
    this.#element.muted = true;
    this.#element.srcObject = stream;
    // Refused only when the page may not play at all yet; the context is then suspended too and `playback` says so.
    this.#element.play().catch(() => undefined);
    this.#source = context.createMediaStreamSource(stream);
    this.#gain = context.createGain();
    this.#source.connect(this.#gain).connect(into);
    this.#closed = closed;
  }

  /**
   * Without a click, and before a syllable has begun.
   * @param {number} gain
   */
  setGain(gain) {
    if (gain !== this.#wanted) {
      this.#wanted = gain;
      this.#gain.gain.setTargetAtTime(gain, this.#context.currentTime, GAIN_SECONDS);
    }
  }

  /**
   * Plays that much later, so that a gain can be set before what it is for is heard. It gets there by playing 6 % slower for a moment.
   * @param {number} seconds
   */
  lookAhead(seconds) {
    if (seconds === this.#ahead) {
      return;
    }
    this.#ahead = seconds;
    if (!this.#delay) {
      this.#delay = this.#context.createDelay(seconds);
      this.#delay.delayTime.value = 0;
      this.#source.disconnect();
      this.#source.connect(this.#delay).connect(this.#gain);
    }
    const { delayTime } = this.#delay;
    const { currentTime } = this.#context;
    delayTime.cancelScheduledValues(currentTime);
    delayTime.setValueAtTime(delayTime.value, currentTime);
    delayTime.linearRampToValueAtTime(seconds, currentTime + LOOK_AHEAD_RAMP_SECONDS);
  }

  /** Tries again what the browser refused before the user's first click. */
  play() {
    this.#element.play().catch(() => undefined);
  }

  close() {
    this.#source.disconnect();
    this.#delay?.disconnect();
    this.#gain.disconnect();
    this.#element.pause();
    this.#element.srcObject = null;
    this.#closed();
  }
}
