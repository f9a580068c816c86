// @ts-check
// Every participant sends its own sine; the spectrum of a participant's output shows the audible ones.

/** Resolution at 48 kHz: 8,192 samples = 171 ms, 5.9 Hz a bin. */
const FFT_SIZE = 8192;
/** A tone counts when its bin is this loud … */
const AUDIBLE_DB = -60;
/** … and is this far above the median of the spectrum, so that broadband noise does not count. */
const ABOVE_FLOOR_DB = 25;

/**
 * @param {AudioContext} context
 * @param {number} frequency in Hz
 * @param {GainNode} [loudness] a tenth of full scale
 * @returns {MediaStream} a stream like a microphone's
 */
export function toneMicrophone(context, frequency, loudness = new GainNode(context, { gain: 0.1 })) {
  const oscillator = new OscillatorNode(context, { frequency });
  const microphone = context.createMediaStreamDestination();
  oscillator.connect(loudness).connect(microphone);
  oscillator.start();
  return microphone.stream;
}

/** Analyses the output of one node on demand, so that it costs nothing otherwise. */
export class ToneDetector {
  #analyser;
  #spectrum;

  /** @param {AudioNode} source */
  constructor(source) {
    this.#analyser = new AnalyserNode(source.context, { fftSize: FFT_SIZE, smoothingTimeConstant: 0 });
    this.#spectrum = new Float32Array(this.#analyser.frequencyBinCount);
    source.connect(this.#analyser);
  }

  /**
   * @param {number[]} frequencies the candidate tones
   * @returns {number[]} the audible ones
   */
  heard(frequencies) {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    const floor = [...this.#spectrum].sort((a, b) => a - b)[this.#spectrum.length >> 1];
    return frequencies.filter((frequency) => {
      const level = this.level(frequency);
      return level > AUDIBLE_DB && level > floor + ABOVE_FLOOR_DB;
    });
  }

  /**
   * @param {number} frequency in Hz
   * @returns {number} the current level in dB
   */
  loudness(frequency) {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    return Math.max(this.level(frequency), -200); // digital silence is -Infinity, which JSON does not have
  }

  /**
   * The loudest frequency, for messages.
   * @returns {{ hz: number, db: number }}
   */
  loudest() {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    const bin = this.#spectrum.reduce((best, level, index, all) => (level > all[best] ? index : best), 0);
    const db = Math.max(this.#spectrum[bin], -200); // digital silence is -Infinity, which JSON does not have
    return { hz: Math.round(bin * this.#hertzPerBin), db: Math.round(db) };
  }

  /** @param {number} frequency */
  level(frequency) {
    const bin = Math.round(frequency / this.#hertzPerBin);
    return Math.max(...this.#spectrum.subarray(bin - 1, bin + 2));
  }

  get #hertzPerBin() {
    return this.#analyser.context.sampleRate / FFT_SIZE;
  }
}

/** Detects the first moment of a tone, with less resolution: 1,024 samples = 21 ms, 47 Hz a bin. */
export class OnsetDetector {
  #analyser;
  #spectrum;
  #bin;

  /** @param {AudioNode} source @param {number} frequency in Hz */
  constructor(source, frequency) {
    this.#analyser = new AnalyserNode(source.context, { fftSize: 1024, smoothingTimeConstant: 0 });
    this.#spectrum = new Float32Array(this.#analyser.frequencyBinCount);
    this.#bin = Math.round((frequency * 1024) / source.context.sampleRate);
    source.connect(this.#analyser);
  }

  heard() {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    return this.#spectrum[this.#bin] > AUDIBLE_DB;
  }
}
