// Two Chromiums join a channel through the TLS proxy and hear each other. Prints a line per result; exits with 1 after a failure.
//
//   node call.mjs URL p2p|sfu|relay [SECONDS]
//
// Mode relay is p2p through the TURN server only. With SECONDS, one browser records for that time; the longest gap in the other one's tone
// is printed. Environment: HYPE_API_KEY_ID and HYPE_API_SECRET sign the tokens; PLAYWRIGHT is the folder of Playwright's package.
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [url, way, seconds] = process.argv.slice(2);
const relayOnly = way === 'relay';
const mode = relayOnly ? 'p2p' : way;
const { chromium } = (await import(join(/** @type {string} */ (process.env.PLAYWRIGHT), 'index.js'))).default;
const pages = join(dirname(fileURLToPath(import.meta.url)), '../EndToEnd.Tests/Pages');
const channel = `containers-${way}-${process.pid}`;
const { hostname } = new URL(url);
const { address } = await lookup(hostname);
const longestGap = 0.2; // seconds

/** @param {string} identity @param {string} channels @param {string[]} grants */
function token(identity, channels, grants) {
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    iss: process.env.HYPE_API_KEY_ID, sub: identity, name: identity, channels, grants, iat: now, exp: now + 600,
  })}`;
  return `${text}.${createHmac('sha256', /** @type {string} */ (process.env.HYPE_API_SECRET)).update(text).digest('base64url')}`;
}

/** @param {string} name @param {number} tone @param {any[]} browsers */
async function participant(name, tone, browsers) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-pings', '--no-proxy-server', '--autoplay-policy=no-user-gesture-required',
      '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream', `--host-resolver-rules=MAP ${hostname} ${address}, MAP * ~NOTFOUND, EXCLUDE ${address}`,
      `--unsafely-treat-insecure-origin-as-secure=${url}`],
  });
  browsers.push(browser);
  // Caddy's authority is its own; the certificate is checked outside of the browser.
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'local-network-access'] });
  await context.route('**/e2e/*', (/** @type {any} */ route) => route.fulfill(
    { path: join(pages, basename(new URL(route.request().url()).pathname)) }));
  const page = await context.newPage();
  page.on('pageerror', (/** @type {Error} */ error) => console.error(`${name}: ${error.message}`));
  await page.goto(`${url}/e2e/voice.html`);
  await page.waitForFunction(() => 'voice' in globalThis);
  await page.evaluate(() => globalThis.voice.grantMicrophone());
  const invitation = { key: name, channel, tone, relayOnly, token: token(name, channel, ['join', 'speak', 'listen']) };
  await page.evaluate((/** @type {any} */ invited) => globalThis.voice.join(invited), invitation);
  return page;
}

/** @param {string} samples 16-bit in base64 @param {number} rate @returns {number} seconds */
function gap(samples, rate) {
  const bytes = Buffer.from(samples, 'base64');
  const block = Math.round(rate / 100);
  const loud = [];
  for (let at = 0; at + block * 2 <= bytes.length; at += block * 2) {
    let sum = 0;
    for (let i = 0; i < block; i++) {
      sum += (bytes.readInt16LE(at + i * 2) / 32768) ** 2;
    }
    loud.push(Math.sqrt(sum / block) > 0.01);
  }
  let longest = 0;
  let silent = 0;
  for (const isLoud of loud) {
    silent = isLoud ? 0 : silent + 1;
    longest = Math.max(longest, silent);
  }
  return longest / 100;
}

/** @type {any[]} */
const browsers = [];
try {
  const answer = await fetch(`${url}/api/voice/channels/${channel}/settings`, {
    method: 'PUT', body: JSON.stringify({ mode }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token('administrator', '*', ['moderate'])}` },
  });
  if (!answer.ok) {
    throw new Error(`settings: ${answer.status} ${await answer.text()}`);
  }
  const people = { Ada: 430, Bob: 600 };
  const ada = await participant('Ada', people.Ada, browsers);
  const bob = await participant('Bob', people.Bob, browsers);
  for (const [page, name, other] of [[ada, 'Ada', people.Bob], [bob, 'Bob', people.Ada]]) {
    const expected = { key: name, tones: [other], all: Object.values(people), wanted: mode };
    await page.waitForFunction(
      (/** @type {any} */ { key, tones, all, wanted }) =>
        globalThis.voice.plays(key, wanted) && globalThis.voice.hearsExactly(key, tones, all),
      expected, { timeout: 30_000, polling: 100 }).catch(async (/** @type {Error} */ error) => {
      const state = await page.evaluate((/** @type {any} */ { key, all }) => globalThis.voice.describe(key, all), expected);
      throw new Error(`${name} does not hear the other: ${error.message}\n${JSON.stringify(state, null, 1)}`);
    });
  }
  const pairs = await ada.evaluate(() => globalThis.voice.selectedPairs('Ada'));
  if (relayOnly && pairs.some((/** @type {string} */ pair) => pair !== 'relay-relay')) {
    throw new Error(`not relayed: ${pairs}`);
  }
  console.log(`430 and 600 Hz, over ${pairs.join(', ')}`);
  if (seconds) {
    await ada.evaluate(() => globalThis.voice.record('Ada'));
    console.log('recording');
    await new Promise((resolve) => { setTimeout(resolve, Number(seconds) * 1000); });
    const { samples, sampleRate } = await ada.evaluate(() => globalThis.voice.recording('Ada'));
    const measured = gap(samples, sampleRate);
    console.log(`longest gap: ${Math.round(measured * 1000)} ms`);
    if (measured > longestGap) {
      throw new Error(`a gap of ${measured} s is audible`);
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const browser of browsers) {
    await browser.close();
  }
}
