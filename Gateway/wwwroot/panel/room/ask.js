// @ts-check
import { byId } from '../../shared/dom.js';

const dialog = /** @type {HTMLDialogElement} */ (byId('ask'));
const input = /** @type {HTMLInputElement} */ (byId('ask-input'));
const error = byId('ask-error');
const action = byId('ask-action');

/**
 * A question before something is done that others notice.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.action what the button says
 * @param {string} [question.input] the label of what has to be typed in; without it there is nothing to type
 * @param {boolean} [question.danger]
 * @param {(typed: string) => Promise<void>} question.run the dialog closes when it has been done, and says why when it has not
 * @param {(error: unknown) => string} question.describe
 */
export function ask({ title, text, action: label, input: inputLabel, danger = false, run, describe }) {
  byId('ask-title').textContent = title;
  byId('ask-text').textContent = text;
  byId('ask-field').hidden = inputLabel === undefined;
  byId('ask-label').textContent = inputLabel ?? '';
  input.value = '';
  error.hidden = true;
  action.textContent = label;
  action.disabled = false;
  action.dataset.danger = String(danger);
  byId('ask-form').onsubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const typed = input.value.trim().replace(/^#/, '');
    if (inputLabel !== undefined && typed === '') {
      input.focus();
      return;
    }
    action.disabled = true;
    try {
      await run(typed);
      dialog.close();
    } catch (failure) {
      error.textContent = describe(failure);
      error.hidden = false;
    }
    action.disabled = false;
  };
  byId('ask-cancel').onclick = () => dialog.close();
  dialog.showModal();
  (inputLabel === undefined ? action : input).focus();
}

export const stopAsking = () => dialog.close();
