// @ts-check
// Firefox with the SDK in it, driven over WebDriver BiDi: joins a channel with its fake microphone (a sine of 1,000 Hz), says `hears`
// when another's sine arrives, and `plays` with the layout it then has. Told `watch` it looks at how many packets arrive, and says
// `watching`; told `again` it says so when two seconds of them have come from then on, with the longest time (ms) in which none did and
// with how many connections it ever made.
//   node firefox-peer.mjs '{"url":…,"channel":…,"token":…,"hears":770,"tones":"…/Pages/tones.js"}'
// Needs an audio device (PULSE_SERVER) for its AudioContext to run.
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

const joined = await page.evaluate(
  async (/** @type {any} */ { channel, token, tonesSource }) => {
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
    const { ToneDetector } = await import(URL.createObjectURL(new Blob([tonesSource], { type: 'text/javascript' })));
    const { join } = await import(new URL('/sdk/hype-voice.js', location.href).href);
    const audioContext = new AudioContext();
    // Kept open: while it is, Firefox shows its real addresses to the others.
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const seat = await join(channel, { token, audioContext, microphone });
    Object.assign(window, { seat, connections, detector: new ToneDetector(seat.output) });
    return { number: seat.number, audio: audioContext.state };
  },
  { channel, token, tonesSource: await readFile(tones, 'utf8') },
);
console.log(`joined ${JSON.stringify(joined)}`);

const { seat, connections, detector, arrivals } = /** @type {any} */ (globalThis); // of the page, in the functions below
await page.waitForFunction((tone) => detector.heard([tone]).length === 1, { polling: 100, timeout: 60_000 }, hears);
console.log(`hears ${hears}`);
console.log(`plays ${JSON.stringify(await page.evaluate(() => seat.layout))}`);

const told = createInterface(process.stdin);
told.on('line', async (word) => {
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
told.on('close', async () => {
  await page.evaluate(() => seat.leave());
  await browser.close();
  process.exit(0);
});
