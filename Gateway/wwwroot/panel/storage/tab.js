// @ts-check
import { forgetIdentity } from './memory.js';

const TAB = 'hype.tab';
/** A page that is being replaced lets go at once; this is for a slow one. */
const PATIENCE_MS = 700;

/**
 * A duplicated tab begins with a copy of all that the first one keeps for itself, the identity too, and would take its seat. So each tab
 * holds a lock of its own name while it lives: who finds his name taken is the copy, and becomes somebody else.
 */
export async function becomeSomebody() {
  if (!navigator.locks) {
    return; // only pages from https or localhost have locks; only those have a microphone
  }
  const name = sessionStorage.getItem(TAB);
  if (name && (await hold(name))) {
    return; // loaded again
  }
  if (name) {
    forgetIdentity();
  }
  const own = crypto.randomUUID();
  sessionStorage.setItem(TAB, own);
  await hold(own);
}

/**
 * @param {string} name
 * @returns {Promise<boolean>} false: another tab has it
 */
function hold(name) {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks.request(`${TAB}.${name}`, { signal }, () => {
      resolve(true);
      return new Promise((release) => window.addEventListener('pagehide', release, { once: true }));
    }).catch(() => resolve(false));
  });
}

window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) {
    void becomeSomebody(); // out of the browser's cache, where nobody holds anything
  }
});
