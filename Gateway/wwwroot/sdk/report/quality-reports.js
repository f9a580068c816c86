// @ts-check
import { Emitter } from '../emitter.js';
import { QualityMeter } from './quality.js';

const INTERVAL_MS = 5000;

/** @typedef {import('../types.js').Quality} Quality */

/**
 * How good the connections of the layout that plays are, again and again.
 *
 * @extends {Emitter<{ quality: Quality }>}
 */
export class QualityReports extends Emitter {
  #layouts;
  #meter = new QualityMeter();
  #timer;
  #closed = false;
  /** The newest. @type {Quality | null} */
  latest = null;

  /** @param {import('../transport/layout-switch.js').LayoutSwitch} layouts */
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
