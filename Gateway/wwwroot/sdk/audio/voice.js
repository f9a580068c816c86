// @ts-check

/** The time constant of a change of a voice's gain: 99 % of the change is complete after five of them. */
const GAIN_SECONDS = 0.002;
const LOOK_AHEAD_RAMP_SECONDS = 0.5;

/** The playback of one remote track. */
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
    // Browsers decode a remote track only while a media element plays it. The element is muted: it only drives the decoder, and WebAudio
    // plays the sound. Only this field refers to the element; without it the element would be collected and the voice would go silent.
    this.#element = new Audio();
    this.#element.muted = true;
    this.#element.srcObject = stream;
    // Refused only when the page may not play at all yet; the context is then suspended too, and `playback` reports it.
    this.#element.play().catch(() => undefined);
    this.#source = context.createMediaStreamSource(stream);
    this.#gain = context.createGain();
    this.#source.connect(this.#gain).connect(into);
    this.#closed = closed;
  }

  /**
   * Changes the gain without a click, before the next syllable begins.
   * @param {number} gain
   */
  setGain(gain) {
    if (gain !== this.#wanted) {
      this.#wanted = gain;
      this.#gain.gain.setTargetAtTime(gain, this.#context.currentTime, GAIN_SECONDS);
    }
  }

  /**
   * Delays playback by this much, so that a gain can be set before the sound that it applies to. Until the delay is reached, playback is
   * 6 % slower.
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

  /** Starts playback again, after the browser refused it before the user's first click. */
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
