// @ts-check

/** @import { TransportMessage } from './messages.js' */

/** The number of messages that may wait: a mesh of eight that negotiates all at once needs fewer (7 peers × a dozen candidates). */
const LIMIT = 512;

/**
 * Signals, offers and candidates that arrived too early: before the `mode` that opens their epoch, or before the `rosterDiff` that
 * introduces their sender. They wait here in order; beyond the limit the oldest are dropped.
 */
export class HeldMessages {
  /** @type {TransportMessage[]} */
  #messages = [];

  /** @param {TransportMessage} message */
  hold(message) {
    this.#messages.push(message);
    if (this.#messages.length > LIMIT) {
      this.#messages.shift();
    }
  }

  /**
   * Delivers every message again; those that are not accepted stay.
   * @param {(message: TransportMessage) => boolean} deliver
   * @param {number} oldestEpoch messages of earlier epochs are dropped
   */
  retry(deliver, oldestEpoch) {
    const messages = this.#messages.filter(({ epoch }) => epoch >= oldestEpoch);
    this.#messages = [];
    this.#messages = messages.filter((message) => !deliver(message)).concat(this.#messages);
  }

  clear() {
    this.#messages = [];
  }
}
