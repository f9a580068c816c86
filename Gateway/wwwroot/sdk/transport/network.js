// @ts-check

/**
 * Calls back when the device may have connected to a network, or changed to another one.
 * @param {() => void} changed
 * @returns {() => void} stops watching
 */
export function watchNetwork(changed) {
  // Chromium only; elsewhere `online` has to suffice.
  const { connection } = /** @type {{ connection?: EventTarget }} */ (navigator);
  window.addEventListener('online', changed);
  connection?.addEventListener('change', changed);
  return () => {
    window.removeEventListener('online', changed);
    connection?.removeEventListener('change', changed);
  };
}
