// @ts-check

/** The time limit of the measurement, for which users must not wait: it runs while the microphone opens. */
const TIMEOUT_MS = 300;
/** The first request opens the connection; the second one takes one round trip. */
const ROUNDS = 2;

/**
 * Measures the round-trip milliseconds to each region that answers in time.
 * @param {string} gateway any gateway's socket URL
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<Record<string, number> | undefined>} undefined: there is only one region, or no measurement succeeded
 */
export async function measureRegions(gateway, { timeoutMs = TIMEOUT_MS } = {}) {
  const list = new URL('regions', gateway.replace(/^ws/, 'http'));
  /** @type {Record<string, number>} */
  const rtt = {};
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const answer = await fetch(list, { signal: timeout.signal });
    /** @type {{ region: string, url: string }[]} */
    const regions = answer.ok ? await answer.json() : [];
    if (regions.length > 1) {
      await Promise.all(regions.map(({ region, url }) => measure(new URL(url, list), (ms) => (rtt[region] = ms), timeout.signal)));
    }
  } catch {
    // No list arrived in time, or at all: the server then uses the gateway's own region.
  } finally {
    clearTimeout(timer);
  }
  return Object.keys(rtt).length > 0 ? rtt : undefined;
}

/**
 * @param {URL} gateway
 * @param {(ms: number) => void} measured receives the smallest result so far
 * @param {AbortSignal} signal
 */
async function measure(gateway, measured, signal) {
  const url = new URL(`${gateway.pathname.replace(/\/$/, '')}/health/live`, gateway);
  let least = Infinity;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      // The answer's content does not matter, so the gateway need not allow this page to read it.
      await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
      least = Math.min(least, performance.now() - began);
      measured(least);
    }
  } catch {
    // A region that does not answer in time is not near.
  }
}
