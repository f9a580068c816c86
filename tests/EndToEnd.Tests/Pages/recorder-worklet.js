// Runs in an AudioWorkletGlobalScope. Sends the samples in blocks of a tenth of a second: one message for each quantum of 128 samples
// would be 375 messages per second.
const BLOCK_SECONDS = 0.1;

class Recorder extends AudioWorkletProcessor {
  #block = new Float32Array(Math.round(sampleRate * BLOCK_SECONDS / 128) * 128);
  #filled = 0;
  #startedAt = 0;

  process([[channel]]) {
    if (this.#filled === 0) {
      this.#startedAt = currentTime;
    }
    // A silent source may have no channel at all: that counts as silence, and time advances.
    this.#block.set(channel ?? new Float32Array(128), this.#filled);
    this.#filled += 128;
    if (this.#filled === this.#block.length) {
      this.port.postMessage({ at: this.#startedAt, samples: this.#block.slice() });
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('recorder', Recorder);
