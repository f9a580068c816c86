// @ts-check
// Every participant sends its own sine; who is heard is read from the spectrum of what a participant's loudspeaker would get.

/** Resolution at 48 kHz: 8,192 samples = 171 ms, 5.9 Hz a bin. */
const FFT_SIZE = 8192;
/** A tone counts when its bin is this loud … */
const AUDIBLE_DB = -60;
/** … and stands this far above the median of the spectrum, so that broadband noise is no tone. */
const ABOVE_FLOOR_DB = 25;

/**
 * @param {AudioContext} context
 * @param {number} frequency in Hz
 * @param {GainNode} [loudness] a tenth of full scale
 * @returns {MediaStream} what a microphone would give
 */
export function toneMicrophone(context, frequency, loudness = new GainNode(context, { gain: 0.1 })) {
  const oscillator = new OscillatorNode(context, { frequency });
  const microphone = context.createMediaStreamDestination();
  oscillator.connect(loudness).connect(microphone);
  oscillator.start();
  return microphone.stream;
}

/** Listens to one node, on demand: spectra that nobody asks for cost nothing. */
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
   * @param {number[]} frequencies the tones that may be there
   * @returns {number[]} those that are
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
   * @returns {number} dB, as of now
   */
  loudness(frequency) {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    return Math.max(this.level(frequency), -200); // digital silence is -Infinity, which JSON has not
  }

  /**
   * The loudest frequency, for messages.
   * @returns {{ hz: number, db: number }}
   */
  loudest() {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    const bin = this.#spectrum.reduce((best, level, index, all) => (level > all[best] ? index : best), 0);
    // Digital silence is -Infinity, which JSON cannot express.
    return { hz: Math.round(bin * this.#hertzPerBin), db: Math.round(Math.max(this.#spectrum[bin], -200)) };
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

/** Tells the first moment of a tone, at the price of resolution: 1,024 samples = 21 ms, 47 Hz a bin. */
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
