// @ts-check
import { byId } from '../../shared/dom.js';

const dialog = byId('ask', HTMLDialogElement);
const input = byId('ask-input', HTMLInputElement);
const error = byId('ask-error');
const action = byId('ask-action', HTMLButtonElement);

/**
 * Asks the user before an action that affects other participants.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.action the text of the button
 * @param {string} [question.input] the label of the text field; without it the dialog has none
 * @param {boolean} [question.danger]
 * @param {(typed: string) => Promise<void>} question.run the dialog closes when it succeeds, and shows the error when it fails
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
  byId('ask-form').onsubmit = async (event) => {
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
