// @ts-check

/**
 * One row on the page. @template Value
 * @typedef {{ root: HTMLElement, update: (value: Value) => void }} Row
 */

/**
 * Rows that exist as long as the values they show: a button stays focused while the figures beside it change.
 * @template Value
 */
export class KeyedRows {
  #parent;
  #keyOf;
  #create;
  /** @type {Map<string, Row<Value>>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {(value: Value) => string} keyOf
   * @param {(value: Value) => Row<Value>} create
   */
  constructor(parent, keyOf, create) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** @param {Value[]} values */
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
        row = this.#create(value);
        this.#rows.set(key, row);
      }
      row.update(value);
      if (this.#parent.children[index] !== row.root) {
        this.#parent.insertBefore(row.root, this.#parent.children[index] ?? null);
      }
    });
  }
}
