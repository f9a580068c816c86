// @ts-check
import { byId, element } from './dom.js';

const toast = byId('toast');
const announcer = byId('announcer');
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/**
 * A line above everything, for states that pass.
 * @param {string} text
 * @param {{ kind?: 'info' | 'working' | 'good' | 'bad', forMs?: number, action?: { label: string, run: () => void } }} [options]
 *   `forMs`: without it the toast stays until the next
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
  toast.hidePopover(); // and again, so that it is above a dialog that was opened meanwhile
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
 * For screen readers. What happens in one moment is said in one breath.
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
