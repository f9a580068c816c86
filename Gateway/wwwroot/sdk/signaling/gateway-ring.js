// @ts-check

/** The gateways that can serve a session, in the order of attempts: the present one first, then the others, cyclically. */
export class GatewayRing {
  /** @type {string[]} */
  #urls;
  #at = 0;

  /** @param {string} url the first gateway, chosen by the application */
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
   * Replaces all URLs but the present one and the application's own, which may be a load balancer's and lead anywhere.
   * @param {string[]} others the list that the present gateway has sent
   */
  learn(others) {
    const [first] = this.#urls;
    const { current } = this;
    this.#urls = [...new Set([first, ...others.map((url) => new URL(url).href), current])];
    this.#at = this.#urls.indexOf(current);
  }

  /** Advances to the next gateway, because the present one does not answer. */
  next() {
    this.#at = (this.#at + 1) % this.#urls.length;
  }
}
