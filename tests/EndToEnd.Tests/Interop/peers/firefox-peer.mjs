// @ts-check
// Firefox with the SDK, driven over WebDriver BiDi: joins a channel with its fake microphone (a sine of 1,000 Hz), prints `hears`
// when another sine arrives, and `plays` with its layout. On the command `watch` it starts to count the received packets, and prints
// `watching`; on `again` it prints `again` when two seconds of packets have arrived since, with the longest gap (ms) between packets and
// the number of connections that it has made.
//   node firefox-peer.mjs '{"url":…,"channel":…,"token":…,"hears":770,"tones":"…/Pages/tones.js"}'
// Its AudioContext needs an audio device (PULSE_SERVER).
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const { url, channel, token, hears, tones } = JSON.parse(process.argv[2]);

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: '/usr/bin/firefox-esr',
  headless: true,
  extraPrefsFirefox: {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  },
});
const [page] = await browser.pages();
page.on('console', (message) => console.log(`console: ${message.text()}`));
await page.goto(url, { waitUntil: 'load' });

// The page's content security policy admits no script but the gateway's own, so the driver evaluates this one.
const source = (await readFile(tones, 'utf8')).replaceAll(/^export /gm, '');
await page.evaluate(`${source}\nwindow.ToneDetector = ToneDetector;`);

const joined = await page.evaluate(
  async (/** @type {any} */ { channel, token }) => {
    /** @type {RTCPeerConnection[]} */
    const connections = [];
    const Native = RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      /** @param {any[]} parameters */
      constructor(...parameters) {
        super(...parameters);
        connections.push(this);
      }
    };
    const { ToneDetector } = /** @type {any} */ (window);
    const { join } = await import(new URL('/sdk/hype-voice.js', location.href).href);
    const audioContext = new AudioContext();
    // While the microphone is open, Firefox reveals its real addresses to peers.
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const seat = await join(channel, { token, audioContext, microphone });
    Object.assign(window, { seat, connections, detector: new ToneDetector(seat.output) });
    return { number: seat.number, audio: audioContext.state };
  },
  { channel, token },
);
console.log(`joined ${JSON.stringify(joined)}`);

const { seat, connections, detector, arrivals } = /** @type {any} */ (globalThis); // of the page, in the functions below
await page.waitForFunction((tone) => detector.heard([tone]).length === 1, { polling: 100, timeout: 60_000 }, hears);
console.log(`hears ${hears}`);
console.log(`plays ${JSON.stringify(await page.evaluate(() => seat.layout))}`);

const commands = createInterface(process.stdin);
commands.on('line', async (word) => {
  if (word === 'watch') {
    await page.evaluate(() => {
      const arrivals = { packets: 0, at: performance.now(), longest: 0 };
      Object.assign(window, { arrivals });
      const look = async () => {
        let packets = 0;
        for (const connection of connections.filter((/** @type {RTCPeerConnection} */ each) => each.connectionState !== 'closed')) {
          (await connection.getStats()).forEach((/** @type {any} */ entry) => {
            packets += entry.type === 'inbound-rtp' ? entry.packetsReceived : 0;
          });
        }
        const now = performance.now();
        if (packets !== arrivals.packets) {
          arrivals.longest = Math.max(arrivals.longest, arrivals.packets > 0 ? now - arrivals.at : 0);
          Object.assign(arrivals, { packets, at: now });
        }
        setTimeout(look, 10);
      };
      look();
    });
    console.log('watching');
  } else if (word === 'again') {
    const before = await page.evaluate(() => arrivals.packets);
    const have = (/** @type {number} */ enough) => arrivals.packets >= enough;
    await page.waitForFunction(have, { polling: 50, timeout: 60_000 }, before + 100);
    const { longest, made } = await page.evaluate(() => ({ longest: arrivals.longest, made: connections.length }));
    console.log(`again ${JSON.stringify({ longest, made })}`);
  }
});
commands.on('close', async () => {
  await page.evaluate(() => seat.leave());
  await browser.close();
  process.exit(0);
});
