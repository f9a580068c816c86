// @ts-check

/** @import { JoinOptions } from '../types.js' */
/** @import { TokenMessage } from './messages.js' */

/**
 * The token for the next join: the application's, until the gateway sends a newer one (`token`) before the old one expires. So a
 * session that has to start again in the middle of a long call needs no new sign-in.
 */
export class NewestToken {
  #source;
  /** @type {string | null} */
  #used = null;
  /** @type {{ token: string, expiresAt: number } | null} */
  #refreshed = null;

  /** @param {JoinOptions['token']} source the application's */
  constructor(source) {
    this.#source = source;
  }

  /** The session's present token, for a gateway that takes the session over; null before the first join. */
  get current() {
    return this.#refreshed?.token ?? this.#used;
  }

  /**
   * @param {string} channel the channel to join
   * @returns {Promise<string>}
   */
  async take(channel) {
    if (this.#refreshed && performance.now() >= this.#refreshed.expiresAt) {
      this.#refreshed = null; // the computer was asleep
    }
    this.#used = this.#refreshed?.token ?? (typeof this.#source === 'function' ? await this.#source(channel) : this.#source);
    return this.#used;
  }

  /** @param {Pick<TokenMessage, 'token' | 'expiresInMs'>} message */
  refresh({ token, expiresInMs }) {
    this.#refreshed = { token, expiresAt: performance.now() + expiresInMs };
  }

  /**
   * Drops the token that the gateway has refused.
   * @returns {boolean} true: the application's own token is left to try
   */
  reject() {
    const wasRefreshed = this.#refreshed !== null;
    this.#refreshed = null;
    return wasRefreshed;
  }
}
