// @ts-check

const LINES = 40;

/** What happened last, for the connection report: a bug is rarely in the moment at which it is written down. */
export class Journal {
  /** @type {string[]} */
  #lines = [];
  #began = performance.now();

  /**
   * @template {Record<string, any>} Events
   * @param {import('./emitter.js').Emitter<Events>} source
   * @param {{ [Name in keyof Events]?: (payload: Events[Name]) => string | null }} sentences what to write down of an event;
   *   null: nothing
   */
  keep(source, sentences) {
    for (const [name, sentence] of Object.entries(sentences)) {
      source.on(name, (payload) => this.#note(/** @type {(payload: any) => string | null} */ (sentence)(payload)));
    }
  }

  get lines() {
    return [...this.#lines];
  }

  /** @param {string | null} line */
  #note(line) {
    if (line === null) {
      return;
    }
    this.#lines.push(`${((performance.now() - this.#began) / 1000).toFixed(1)} s ${line}`);
    if (this.#lines.length > LINES) {
      this.#lines.shift();
    }
  }
}
