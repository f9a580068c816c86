// @ts-check
// Joins a channel in sfu mode, sends patterned packets and checks those of the other peer.
//   node packet-peer.mjs '{"url":…,"stack":"werift","channel":…,"token":…,"packets":150}'
// Prints `connected`, then `result {…}` when it has received the requested number of packets, and continues to send until its
// standard input ends, so that the other peer receives its packets too.
import { PatternCheck, rtp, SAMPLES } from './pattern.mjs';
import { Signaling } from './signaling.mjs';

/**
 * @typedef {object} Connection
 * @property {string} answer SDP, complete with candidates
 * @property {Promise<void>} connected
 * @property {(packet: Buffer) => void} send
 * @property {number} ssrc
 * @property {() => void} close
 */
/** @typedef {(offer: string, onPacket: (packet: ReturnType<import('./pattern.mjs').parseRtp>) => void) => Promise<Connection>} Connect */

const { url, stack, channel, token, packets } = JSON.parse(process.argv[2]);
/** @type {{ connect: Connect }} */
const { connect } = await import(`./stack-${stack}.mjs`);

const signaling = new Signaling(url);
const welcome = await signaling.join(channel, token);
const offer = await signaling.next('offer');

const check = new PatternCheck();
let reported = false;
const connection = await connect(offer.sdp, (packet) => {
  check.accept(packet);
  if (check.received >= packets && !reported) {
    reported = true;
    console.log(`result ${JSON.stringify({ number: welcome.number, ...check.result })}`);
  }
});
signaling.send({ type: 'answer', epoch: offer.epoch, sdp: connection.answer });
await connection.connected;
signaling.send({ type: 'ready', epoch: offer.epoch });
console.log('connected');

let counter = 0;
const startedAt = performance.now();
const timer = setInterval(() => {
  // Sends all packets that are due, which compensates for a late timer.
  for (const due = ((performance.now() - startedAt) * 48) / SAMPLES; counter < due; counter++) {
    connection.send(rtp({ ssrc: connection.ssrc, payloadType: 111, sender: welcome.number, counter }));
  }
}, 20);

process.stdin.resume().on('end', () => {
  clearInterval(timer);
  signaling.leave();
  connection.close();
  console.log(`end ${JSON.stringify(check.result)}`);
  setTimeout(() => process.exit(0), 200); // time for the last messages
});
