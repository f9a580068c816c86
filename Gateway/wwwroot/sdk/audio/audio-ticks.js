// @ts-check

/**
 * Calls back again and again by the clock of the sound, also in a page that nobody looks at: the browser holds the timers of a hidden
 * page back to one a second, which is too late for whom a syllable is to open or to close.
 */
export class AudioTicks {
  #context;
  #seconds;
  #tick;
  /** @type {ConstantSourceNode | null} */
  #source = null;

  /**
   * @param {AudioContext} context
   * @param {number} seconds from one call to the next, at least
   * @param {() => void} tick
   */
  constructor(context, seconds, tick) {
    this.#context = context;
    this.#seconds = seconds;
    this.#tick = tick;
    this.#wait();
  }

  close() {
    if (this.#source) {
      this.#source.onended = null;
      this.#source.disconnect();
      this.#source = null;
    }
  }

  #wait() {
    const source = new ConstantSourceNode(this.#context, { offset: 0 });
    source.connect(this.#context.destination); // what leads nowhere is not rendered, and never ends
    source.onended = () => {
      source.disconnect();
      this.#wait();
      this.#tick();
    };
    source.start();
    source.stop(this.#context.currentTime + this.#seconds);
    this.#source = source;
  }
}
