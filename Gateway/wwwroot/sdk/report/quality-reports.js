// @ts-check
import { Emitter } from '../emitter.js';
import { QualityMeter } from './quality.js';

const INTERVAL_MS = 5000;

/** @import { LayoutSwitch } from '../transport/layout-switch.js' */
/** @import { Quality } from '../types.js' */

/**
 * Measures the connections of the layout that plays, every five seconds.
 *
 * @extends {Emitter<{ quality: Quality }>}
 */
export class QualityReports extends Emitter {
  #layouts;
  #meter = new QualityMeter();
  #timer;
  #closed = false;
  /** The newest result. @type {Quality | null} */
  latest = null;

  /** @param {LayoutSwitch} layouts */
  constructor(layouts) {
    super();
    this.#layouts = layouts;
    this.#timer = setInterval(() => void this.#measure(), INTERVAL_MS);
  }

  close() {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #measure() {
    const epoch = this.#layouts.state?.epoch;
    const quality = await this.#meter.measure(this.#layouts.connections().filter((connection) => connection.epoch === epoch));
    if (quality && !this.#closed) {
      this.latest = quality;
      this.emit('quality', quality);
    }
  }
}
