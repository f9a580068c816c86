// @ts-check

/**
 * Rows that live as long as what they show: a button keeps the focus while the figures beside it change.
 * @template T
 */
export class Keyed {
  #parent;
  #keyOf;
  #make;
  /** @type {Map<string, { root: HTMLElement, update: (value: T) => void }>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {(value: T) => string} keyOf
   * @param {(value: T) => { root: HTMLElement, update: (value: T) => void }} make
   */
  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  /** @param {T[]} values */
  show(values) {
    const keys = new Set(values.map(this.#keyOf));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.root.remove();
        this.#rows.delete(key);
      }
    }
    values.forEach((value, index) => {
      const key = this.#keyOf(value);
      let row = this.#rows.get(key);
      if (!row) {
        row = this.#make(value);
        this.#rows.set(key, row);
      }
      row.update(value);
      if (this.#parent.children[index] !== row.root) {
        this.#parent.insertBefore(row.root, this.#parent.children[index] ?? null);
      }
    });
  }
}
