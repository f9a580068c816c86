// @ts-check
import { byId } from '../../shared/dom.js';

const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
const fields = byId('confirm-fields');

/**
 * Asks before something that hurts. Escape and Cancel are no.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text what it means for those whom it touches
 * @param {string} question.action on the button
 * @param {boolean} [question.hurts] somebody loses the channel
 * @param {HTMLElement[]} [question.inputs] labels with named inputs
 * @returns {Promise<Record<string, string> | null>} the values of the inputs; null: no
 */
export function confirm({ title, text, action, hurts = false, inputs = [] }) {
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  fields.replaceChildren(...inputs);
  const button = byId('confirm-do');
  button.textContent = action;
  button.classList.toggle('bad', hurts);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const form = new FormData(/** @type {HTMLFormElement} */ (dialog.querySelector('form')));
      resolve(dialog.returnValue === 'do' ? Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()])) : null);
    }, { once: true });
    dialog.returnValue = '';
    dialog.showModal();
    // Of two buttons the harmless one, unless there is something to fill in.
    (inputs.length > 0 ? /** @type {HTMLElement} */ (fields.querySelector('input, select')) : byId('confirm-cancel')).focus();
  });
}

byId('confirm-cancel').addEventListener('click', () => dialog.close(''));
