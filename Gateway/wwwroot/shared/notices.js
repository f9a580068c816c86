// @ts-check
import { byId, element } from './dom.js';

const toast = byId('toast');
const announcer = byId('announcer');
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/**
 * Shows a line above everything else, for temporary states.
 * @param {string} text
 * @param {{ kind?: 'info' | 'working' | 'good' | 'bad', forMs?: number, action?: { label: string, run: () => void } }} [options]
 *   `forMs`: without it the toast stays until the next one
 */
export function showToast(text, { kind = 'info', forMs, action } = {}) {
  clearTimeout(toastTimer);
  toast.dataset.kind = kind;
  toast.replaceChildren(element('span', {}, text));
  if (action) {
    const button = element('button', { type: 'button' }, action.label);
    button.addEventListener('click', action.run);
    toast.append(button);
  }
  toast.hidden = false;
  toast.hidePopover(); // shown again, so that it is above a dialog that was opened meanwhile
  toast.showPopover();
  if (forMs !== undefined) {
    toastTimer = setTimeout(hideToast, forMs);
  }
}

export function hideToast() {
  clearTimeout(toastTimer);
  toast.hidden = true;
}

/** @type {string[]} */
let pending = [];

/**
 * Announces a text to screen readers. Texts of the same moment are read as one.
 * @param {string} text
 */
export function announce(text) {
  if (pending.length === 0) {
    setTimeout(() => {
      announcer.textContent = pending.join(' ');
      pending = [];
    }, 150);
  }
  pending.push(text);
}
