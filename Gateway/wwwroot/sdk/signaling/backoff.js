// @ts-check

/**
 * The delay before the next attempt. It doubles from `firstMs` to `mostMs`, minus a random part of up to one half, so that a thousand
 * clients of one dead gateway do not return in the same millisecond.
 */
export class Backoff {
  #attempt = 0;

  /** @param {{ firstMs?: number, mostMs?: number, random?: () => number }} [options] */
  constructor({ firstMs = 250, mostMs = 5000, random = Math.random } = {}) {
    this.firstMs = firstMs;
    this.mostMs = mostMs;
    this.random = random;
  }

  /** Attempts since the last success. */
  get attempt() {
    return this.#attempt;
  }

  /** @returns {number} milliseconds */
  next() {
    const whole = Math.min(this.mostMs, this.firstMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return whole * (0.5 + this.random() / 2);
  }

  reset() {
    this.#attempt = 0;
  }
}
