// @ts-check
// @roamhq/wrtc: Google's WebRTC without a browser. It accepts audio, not packets: joins a channel in sfu mode, sends a sine and prints
// `hears` when the other sine arrives.
//   node tone-peer.mjs '{"url":…,"channel":…,"token":…,"sends":1110,"hears":770}'
import wrtc from '@roamhq/wrtc';
import { Signaling } from './signaling.mjs';

const RATE = 48_000;
const FRAME = RATE / 100;

/** Collects 100 ms of one slot, and asks whether most of its energy is in one frequency (Goertzel). */
class Ear {
  /** @type {number[]} */
  #block = [];

  /** @param {number} frequency in Hz */
  constructor(frequency) {
    this.frequency = frequency;
  }

  /** @param {{ samples: Int16Array, sampleRate: number, channelCount: number }} sound */
  hears({ samples, sampleRate, channelCount }) {
    for (let i = 0; i < samples.length; i += channelCount) {
      this.#block.push(samples[i]);
    }
    if (this.#block.length < sampleRate / 10) {
      return false;
    }
    const block = this.#block;
    this.#block = [];
    let [real, imaginary, energy] = [0, 0, 0];
    block.forEach((sample, i) => {
      const angle = (2 * Math.PI * this.frequency * i) / sampleRate;
      real += sample * Math.cos(angle);
      imaginary += sample * Math.sin(angle);
      energy += sample * sample;
    });
    const amplitude = (2 * Math.hypot(real, imaginary)) / block.length;
    return amplitude > 100 && (amplitude * amplitude) / 2 > 0.8 * (energy / block.length);
  }
}

const { url, channel, token, sends, hears } = JSON.parse(process.argv[2]);
const signaling = new Signaling(url);
await signaling.join(channel, token);
const offer = await signaling.next('offer');

const connection = new wrtc.RTCPeerConnection();
const source = new wrtc.nonstandard.RTCAudioSource();
const microphone = source.createTrack();
/** @type {any[]} */
const sinks = [];
let reported = false;
connection.ontrack = ({ track }) => {
  const sink = new wrtc.nonstandard.RTCAudioSink(track);
  sinks.push(sink);
  const ear = new Ear(hears);
  sink.ondata = (sound) => {
    if (!reported && ear.hears(sound)) {
      reported = true;
      console.log(`hears ${hears}`);
    }
  };
};

await connection.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
const [first] = connection.getTransceivers();
await first.sender.replaceTrack(microphone);
first.direction = 'sendonly';
await connection.setLocalDescription(await connection.createAnswer());
signaling.send({ type: 'answer', epoch: offer.epoch, sdp: connection.localDescription.sdp });
await new Promise((resolve, reject) => {
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === 'connected') {
      resolve(undefined);
    } else if (connection.connectionState === 'failed') {
      reject(new Error('The connection failed.'));
    }
  };
});
signaling.send({ type: 'ready', epoch: offer.epoch });
console.log('connected');

let sent = 0;
const startedAt = performance.now();
const timer = setInterval(() => {
  for (const due = (performance.now() - startedAt) / 10; sent < due; sent++) {
    const samples = Int16Array.from({ length: FRAME }, (_, i) => 3000 * Math.sin((2 * Math.PI * sends * (sent * FRAME + i)) / RATE));
    source.onData({ samples, sampleRate: RATE, bitsPerSample: 16, channelCount: 1, numberOfFrames: FRAME });
  }
}, 10);

process.stdin.resume().on('end', () => {
  clearInterval(timer);
  sinks.forEach((sink) => sink.stop());
  signaling.leave();
  connection.close();
  setTimeout(() => process.exit(0), 200); // time for the last messages
});
