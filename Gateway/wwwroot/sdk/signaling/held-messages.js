// @ts-check

/** @import { TransportMessage } from './messages.js' */

/** The number of messages that may wait: a mesh of eight that negotiates all at once needs fewer (7 peers × a dozen candidates). */
const LIMIT = 512;
/** The number of characters that may wait, over all senders: the descriptions and candidates of a mesh of eight are a tenth of that. */
const LIMIT_CHARACTERS = 1_048_576;
/** The share of one sender, so that no sender displaces the messages of another one. */
const LIMIT_PER_SENDER = 64;
const LIMIT_PER_SENDER_CHARACTERS = 131_072;

/**
 * Signals, offers and candidates that arrived too early: before the `mode` that opens their epoch, or before the `rosterDiff` that
 * introduces their sender. They wait here in order. A message beyond a limit is dropped: only its sender loses by it.
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
    const own = this.#held.filter((held) => held.sender === sender);
    if (this.#held.length < LIMIT && charactersOf(this.#held) + length <= LIMIT_CHARACTERS
        && own.length < LIMIT_PER_SENDER && charactersOf(own) + length <= LIMIT_PER_SENDER_CHARACTERS) {
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
}

/** @param {{ length: number }[]} messages */
function charactersOf(messages) {
  return messages.reduce((sum, { length }) => sum + length, 0);
}
