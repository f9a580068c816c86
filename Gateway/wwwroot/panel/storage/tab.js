// @ts-check
import { forgetIdentity } from './memory.js';

const TAB = 'hype.tab';
/** The time to wait for the lock: a reloaded page releases it at once, or a little later on a slow machine. */
const LOCK_TIMEOUT_MS = 700;

/**
 * Gives this tab an identity of its own. A duplicated tab starts with a copy of the first tab's session storage, including the identity,
 * and would replace it in the channel. So each tab holds a lock with its own name: a tab whose lock is taken is a copy, and drops the
 * identity.
 */
export async function claimIdentity() {
  if (!navigator.locks) {
    return; // only pages from https or localhost have locks; only those have a microphone
  }
  const name = sessionStorage.getItem(TAB);
  if (name && (await lock(name))) {
    return; // a reload
  }
  if (name) {
    forgetIdentity();
  }
  const own = crypto.randomUUID();
  sessionStorage.setItem(TAB, own);
  await lock(own);
}

/**
 * @param {string} name
 * @returns {Promise<boolean>} false: another tab has it
 */
function lock(name) {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(LOCK_TIMEOUT_MS);
    navigator.locks.request(`${TAB}.${name}`, { signal }, () => {
      resolve(true);
      return new Promise((release) => window.addEventListener('pagehide', release, { once: true }));
    }).catch(() => resolve(false));
  });
}

window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) {
    void claimIdentity(); // from the browser's page cache, where tabs hold no locks
  }
});
