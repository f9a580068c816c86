// @ts-check

/** Measuring must not be what a user waits for: it goes on while the microphone is opened, and ends whatever has come by then. */
const PATIENCE_MS = 300;
/** The first request opens the connection; the second one takes one round trip. */
const ROUNDS = 2;

/**
 * Round-trip milliseconds to each region that answers in time.
 * @param {string} gateway any gateway's socket URL
 * @param {{ patienceMs?: number }} [options]
 * @returns {Promise<Record<string, number> | undefined>} undefined: there is nothing to choose from, or nothing could be measured
 */
export async function measureRegions(gateway, { patienceMs = PATIENCE_MS } = {}) {
  const list = new URL('regions', gateway.replace(/^ws/, 'http'));
  /** @type {Record<string, number>} */
  const rtt = {};
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patienceMs);
  try {
    const answer = await fetch(list, { signal: giveUp.signal });
    /** @type {{ region: string, url: string }[]} */
    const regions = answer.ok ? await answer.json() : [];
    if (regions.length > 1) {
      await Promise.all(regions.map(({ region, url }) => measure(new URL(url, list), (ms) => (rtt[region] = ms), giveUp.signal)));
    }
  } catch {
    // No list in time, or none at all: the server then takes the gateway's own region.
  } finally {
    clearTimeout(timer);
  }
  return Object.keys(rtt).length > 0 ? rtt : undefined;
}

/**
 * @param {URL} gateway
 * @param {(ms: number) => void} measured called with the smallest so far
 * @param {AbortSignal} signal
 */
async function measure(gateway, measured, signal) {
  const url = new URL(`${gateway.pathname.replace(/\/$/, '')}/health/live`, gateway);
  let least = Infinity;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      // What it says does not matter, so it need not allow this page to read it.
      await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
      least = Math.min(least, performance.now() - began);
      measured(least);
    }
  } catch {
    // A region that cannot be reached, or not in time, is not near.
  }
}
