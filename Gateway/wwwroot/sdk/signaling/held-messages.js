// @ts-check

/** Enough for a mesh of eight that negotiates all at once (7 peers × a dozen candidates), with room. */
const LIMIT = 512;

/**
 * Signals, offers and candidates that came before what they are about: before the `mode` that opens their epoch, or before the
 * `rosterDiff` that introduces their sender. They wait here, in order, and the oldest go when there are too many.
 */
export class HeldMessages {
  /** @type {any[]} */
  #messages = [];

  /** @param {{ epoch: number }} message */
  hold(message) {
    this.#messages.push(message);
    if (this.#messages.length > LIMIT) {
      this.#messages.shift();
    }
  }

  /**
   * Offers every message again; what is not taken stays.
   * @param {(message: any) => boolean} take
   * @param {number} oldestEpoch messages of earlier epochs are dropped
   */
  retry(take, oldestEpoch) {
    const messages = this.#messages.filter(({ epoch }) => epoch >= oldestEpoch);
    this.#messages = [];
    this.#messages = messages.filter((message) => !take(message)).concat(this.#messages);
  }

  clear() {
    this.#messages = [];
  }
}
