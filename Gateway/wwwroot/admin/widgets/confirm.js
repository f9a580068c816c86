// @ts-check
import { byId, find } from '../../shared/dom.js';

const dialog = byId('confirm', HTMLDialogElement);
const fields = byId('confirm-fields');

/**
 * Asks the administrator before an action that affects other people. Escape and Cancel decline.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text the effect on the people concerned
 * @param {string} question.action on the button
 * @param {boolean} [question.destructive] a participant loses the channel
 * @param {HTMLElement[]} [question.inputs] labels with named inputs
 * @returns {Promise<Record<string, string> | null>} the values of the inputs; null: declined
 */
export function confirm({ title, text, action, destructive = false, inputs = [] }) {
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  fields.replaceChildren(...inputs);
  const button = byId('confirm-do');
  button.textContent = action;
  button.classList.toggle('bad', destructive);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      /** @type {HTMLFormElement} */
      const form = find(dialog, 'form');
      const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
      resolve(dialog.returnValue === 'do' ? values : null);
    }, { once: true });
    dialog.returnValue = '';
    dialog.showModal();
    // The harmless one of the two buttons, unless there is a field to fill in.
    (inputs.length > 0 ? find(fields, 'input, select') : byId('confirm-cancel')).focus();
  });
}

byId('confirm-cancel').addEventListener('click', () => dialog.close(''));
