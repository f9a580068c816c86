// @ts-check

/** The gateways that can serve a session, in the order in which they are tried: the present one first, then round and round. */
export class GatewayRing {
  /** @type {string[]} */
  #urls;
  #at = 0;

  /** @param {string} url where the application wants to go first */
  constructor(url) {
    this.#urls = [url];
  }

  get current() {
    return this.#urls[this.#at];
  }

  get hasOthers() {
    return this.#urls.length > 1;
  }

  /**
   * The gateway that we are at has told us of others: its list replaces all but itself and the application's own URL, which may be
   * a load balancer's and lead anywhere.
   * @param {string[]} others
   */
  learn(others) {
    const [first] = this.#urls;
    const { current } = this;
    this.#urls = [...new Set([first, ...others.map((url) => new URL(url).href), current])];
    this.#at = this.#urls.indexOf(current);
  }

  /** The present one does not answer. */
  next() {
    this.#at = (this.#at + 1) % this.#urls.length;
  }
}
