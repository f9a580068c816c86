// @ts-check

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */

const INTERVAL_MS = 50;

/** The level of the microphone, drawn into an element. */
export class LevelMeter {
  #meter;
  #channel;
  #drawnAt = 0;
  #frame = 0;

  /**
   * @param {HTMLElement} meter
   * @param {VoiceChannel} channel
   */
  constructor(meter, channel) {
    this.#meter = meter;
    this.#channel = channel;
    // The browser calls back only while the page is visible, so an invisible meter costs nothing.
    this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  close() {
    cancelAnimationFrame(this.#frame);
  }

  /** @param {number} now */
  #draw(now) {
    if (now - this.#drawnAt >= INTERVAL_MS) {
      this.#drawnAt = now;
      this.#meter.style.setProperty('--level', this.#channel.level().toFixed(3));
      this.#meter.dataset.live = String(this.#channel.transmitting);
    }
    this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }
}
