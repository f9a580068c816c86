// @ts-check
// A time code: a sine that sweeps linearly from LOW_HZ to HIGH_HZ in PERIOD_S, repeatedly. The frequency
// at any moment gives the moment of sending, after Opus too. SwitchGap/TimeCode.cs reads it; the numbers must agree.

const LOW_HZ = 500;
const HIGH_HZ = 3500;
const PERIOD_S = 0.5;
const AMPLITUDE = 0.25;

/**
 * @param {AudioContext} context
 * @returns {MediaStream}
 */
export function timeCodeMicrophone(context) {
  const { sampleRate } = context;
  const buffer = context.createBuffer(1, PERIOD_S * sampleRate, sampleRate);
  const samples = buffer.getChannelData(0);
  const slope = (HIGH_HZ - LOW_HZ) / PERIOD_S;
  for (let i = 0; i < samples.length; i++) {
    const t = i / sampleRate;
    // (LOW + HIGH) / 2 · PERIOD is a whole number of turns: the loop closes without a click.
    samples[i] = AMPLITUDE * Math.sin(2 * Math.PI * (LOW_HZ * t + (slope * t * t) / 2));
  }
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const microphone = context.createMediaStreamDestination();
  source.connect(microphone);
  source.start();
  return microphone.stream;
}

/** Records every sample of a node's output. */
export class TimeCodeRecorder {
  /** @type {Float32Array[]} */
  #blocks = [];
  #startedAt = NaN;
  #node;
  #source;

  /** @param {AudioNode} source @param {AudioWorkletNode} node */
  constructor(source, node) {
    this.#source = source;
    this.#node = node;
    node.port.onmessage = ({ data: { at, samples } }) => {
      if (this.#blocks.length === 0) {
        this.#startedAt = at;
      }
      this.#blocks.push(samples);
    };
  }

  /** @param {AudioNode} output the node to record */
  static async start(output) {
    const { context } = output;
    // Fetched, because the loader of worklets bypasses the test's routes.
    const source = await (await fetch('/e2e/recorder-worklet.js')).text();
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    const node = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 1, channelCount: 1, channelCountMode: 'explicit' });
    output.connect(node).connect(context.destination); // a worklet runs only while it is connected; its output is silence
    return new TimeCodeRecorder(output, node);
  }

  stop() {
    this.#node.port.onmessage = null;
    this.#source.disconnect(this.#node);
    this.#node.disconnect();
    const length = this.#blocks.reduce((sum, block) => sum + block.length, 0);
    const samples = new Int16Array(length);
    let at = 0;
    for (const block of this.#blocks) {
      for (const sample of block) {
        samples[at++] = Math.max(-1, Math.min(1, sample)) * 32767;
      }
    }
    return { startedAt: this.#startedAt, sampleRate: this.#node.context.sampleRate, samples: base64(new Uint8Array(samples.buffer)) };
  }
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  const pieces = [];
  for (let i = 0; i < bytes.length; i += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  }
  return btoa(pieces.join(''));
}
