// @ts-check

/** @import { TransportMessage } from './messages.js' */

/** The limits of one sender, so that no sender displaces the messages of another one. A browser negotiates with a dozen candidates. */
const SENDER = { messages: 64, characters: 131_072 };
/** The limits of all members together: seven of them may each use their limit. */
const MEMBERS = { messages: 448, characters: 917_504 };

/**
 * Signals, offers and candidates that arrived too early: before the `mode` that opens their epoch, or before the `rosterDiff` that
 * introduces their sender. They wait here in order. A message beyond a limit is dropped: only members lose by it, and first its sender.
 * The server's own messages have their own limit, which members cannot use up.
 *
 * No bound on the epoch is possible: rooms take their numbers from the same counter, so the next epoch may be any higher number.
 */
export class HeldMessages {
  /** @type {{ message: TransportMessage, sender: number | null, length: number }[]} */
  #held = [];

  /** @param {TransportMessage} message */
  hold(message) {
    const sender = message.type === 'signal' ? message.from : null; // null: the server
    const { length } = JSON.stringify(message);
    const fits = this.#fits(length, SENDER, (held) => held.sender === sender)
      && (sender === null || this.#fits(length, MEMBERS, (held) => held.sender !== null));
    if (fits) {
      this.#held.push({ message, sender, length });
    }
  }

  /**
   * Delivers every message again; those that are not accepted stay.
   * @param {(message: TransportMessage) => boolean} deliver
   * @param {number} oldestEpoch messages of earlier epochs are dropped
   */
  retry(deliver, oldestEpoch) {
    const waiting = this.#held.filter(({ message }) => message.epoch >= oldestEpoch);
    this.#held = [];
    this.#held = waiting.filter(({ message }) => !deliver(message)).concat(this.#held);
  }

  clear() {
    this.#held = [];
  }

  /**
   * True if one more message fits the limit of the messages that `counts` selects.
   * @param {number} length @param {{ messages: number, characters: number }} limit
   * @param {(held: { sender: number | null }) => boolean} counts
   */
  #fits(length, limit, counts) {
    const held = this.#held.filter(counts);
    const characters = held.reduce((sum, message) => sum + message.length, 0);
    return held.length < limit.messages && characters + length <= limit.characters;
  }
}
