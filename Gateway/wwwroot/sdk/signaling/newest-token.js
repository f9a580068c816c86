// @ts-check

/**
 * The token to join with: the application's, until the gateway sends a newer one (`token`), which it does before the old one expires.
 * So a session that has to begin anew in the middle of a long call needs nobody to sign in again.
 */
export class NewestToken {
  #source;
  /** @type {string | null} */
  #used = null;
  /** @type {{ token: string, expiresAt: number } | null} */
  #refreshed = null;

  /** @param {import('../types.js').JoinOptions['token']} source the application's */
  constructor(source) {
    this.#source = source;
  }

  /** The one that the session lives on, for a gateway that takes it over; null before the first join. */
  get current() {
    return this.#refreshed?.token ?? this.#used;
  }

  /**
   * @param {string} channel that it is for
   * @returns {Promise<string>}
   */
  async take(channel) {
    if (this.#refreshed && performance.now() >= this.#refreshed.expiresAt) {
      this.#refreshed = null; // the computer slept
    }
    this.#used = this.#refreshed?.token ?? (typeof this.#source === 'function' ? await this.#source(channel) : this.#source);
    return this.#used;
  }

  /** @param {{ token: string, expiresInMs: number }} message */
  refresh({ token, expiresInMs }) {
    this.#refreshed = { token, expiresAt: performance.now() + expiresInMs };
  }

  /**
   * The gateway did not believe it.
   * @returns {boolean} true: there is the application's to try instead
   */
  reject() {
    const wasRefreshed = this.#refreshed !== null;
    this.#refreshed = null;
    return wasRefreshed;
  }
}
