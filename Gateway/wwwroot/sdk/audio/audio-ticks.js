// @ts-check

/**
 * A periodic callback driven by the audio clock, in hidden pages too: browsers limit the timers of a hidden page to one a second, which
 * is too late to open or close a gate for one syllable.
 */
export class AudioTicks {
  #context;
  #seconds;
  #tick;
  /** @type {ConstantSourceNode | null} */
  #source = null;

  /**
   * @param {AudioContext} context
   * @param {number} seconds the minimum interval
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
    source.connect(this.#context.destination); // an unconnected node is not rendered, and never ends
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
