// @ts-check
import { byId, element } from '../../shared/dom.js';
import { announce } from '../../shared/notices.js';
import { describeMode } from '../words.js';

/** @import { LayoutState } from '../../sdk/types.js' */

/** The channel's mode, with its reason in a tooltip. */
export class ModePill {
  #pill = byId('mode');
  #label = byId('mode-label');
  #tip = byId('mode-reason');
  #announced = '';

  constructor() {
    // A tooltip that cannot be dismissed hides the content below it (WCAG 1.4.13).
    this.#pill.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.#pill.blur();
      }
    });
  }

  /**
   * @param {LayoutState} state
   * @param {number} threshold
   */
  show(state, threshold) {
    const { mode, label, title, text } = describeMode(state, threshold);
    this.#pill.dataset.mode = mode;
    this.#pill.dataset.epoch = String(state.epoch);
    this.#label.textContent = label;
    this.#pill.setAttribute('aria-label', `Mode: ${title}`);
    this.#tip.replaceChildren(element('strong', {}, title), element('span', {}, text));
    if (title !== this.#announced) {
      this.#announced = title;
      announce(`${title}. ${text}`);
    }
  }
}
