// @ts-check
// Two Chromiums join a channel through the TLS proxy and hear each other. Prints a line per result; exits with 1 after a failure.
//
//   node call.mjs URL MODE [SECONDS]    with SECONDS: records one of them for that time, and prints the longest gap in the other's tone
//
// Environment: HYPE_API_KEY_ID and HYPE_API_SECRET sign the tokens; PLAYWRIGHT is the folder of Playwright's package.
import { createHmac } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [url, mode, seconds] = process.argv.slice(2);
const { chromium } = (await import(join(/** @type {string} */ (process.env.PLAYWRIGHT), 'index.js'))).default;
const pages = join(dirname(fileURLToPath(import.meta.url)), '../EndToEnd.Tests/Pages');
const channel = `containers-${mode}-${process.pid}`;
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
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--no-pings', '--no-proxy-server', '--autoplay-policy=no-user-gesture-required',
      '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream'],
  });
  browsers.push(browser);
  // The proxy's authority is its own, made for localhost.
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'local-network-access'] });
  await context.route('**/e2e/*', (/** @type {any} */ route) => route.fulfill(
    { path: join(pages, basename(new URL(route.request().url()).pathname)) }));
  const page = await context.newPage();
  page.on('pageerror', (/** @type {Error} */ error) => console.error(`${name}: ${error.message}`));
  await page.goto(`${url}/e2e/voice.html`);
  await page.waitForFunction('window.voice !== undefined');
  await page.evaluate('voice.grantMicrophone()');
  await page.evaluate('invitation => voice.join(invitation)', { key: name, channel, tone, token: token(name, channel, ['speak', 'listen']) });
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
    await page.waitForFunction(`([key, tones, all]) => voice.plays(key, '${mode}') && voice.hearsExactly(key, tones, all)`,
      [name, [other], Object.values(people)], { timeout: 30_000, polling: 100 }).catch(async (/** @type {Error} */ error) => {
      throw new Error(`${name} does not hear the other: ${error.message}\n${
        JSON.stringify(await page.evaluate(`voice.describe('${name}', [430, 600])`), null, 1)}`);
    });
  }
  console.log(`two browsers hear each other in mode ${mode}`);
  if (seconds) {
    await ada.evaluate("voice.record('Ada')");
    console.log('recording');
    await new Promise((resolve) => { setTimeout(resolve, Number(seconds) * 1000); });
    const { samples, sampleRate } = await ada.evaluate("voice.recording('Ada')");
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
