// @ts-check

/**
 * The number of samples to compare, 170 ms: a few syllables, so that the pitch of a voice is not mistaken for its delay, and shorter than
 * the time before a swap.
 */
const WINDOW = 8192;
/** Correlation works at a quarter of the rate (12 kHz of 48): the useful part of speech, for a few milliseconds of work. */
const DECIMATION = 4;
/** The largest lag to look for: two paths of one voice are rarely further apart when their jitter buffers have reached the same target. */
const MOST_SECONDS = 0.08;
/** With a lower correlation the paths carry different sounds, and a lag between them means nothing. */
const ALIKE = 0.5;
/** A steady tone resembles itself at every period: of lags nearly as good as the best, the smallest one is correct. */
const AS_GOOD = 0.998;
/** About -60 dB: below that, no participant is speaking. */
const QUIET = 1e-3;

/**
 * Measures by how much `other` lags behind `reference`.
 * @param {Float32Array} reference
 * @param {Float32Array} other of the same length, taken at the same moment
 * @param {number} sampleRate
 * @returns {number} seconds, negative when `other` is ahead; 0 when they cannot be compared
 */
export function lag(reference, other, sampleRate) {
  const [a, b] = [decimate(reference), decimate(other)];
  if (rms(a) < QUIET || rms(b) < QUIET) {
    return 0;
  }
  const [energyA, energyB] = [energies(a), energies(b)];
  const most = Math.round((MOST_SECONDS * sampleRate) / DECIMATION);
  const scores = new Float64Array(2 * most + 1);
  for (let shift = -most; shift <= most; shift++) {
    // Normalised correlation of `a` with `b`, `shift` samples later, over the part they have in common.
    const [from, to] = [Math.max(0, -shift), Math.min(a.length, a.length - shift)];
    const energy = (energyA[to] - energyA[from]) * (energyB[to + shift] - energyB[from + shift]);
    scores[shift + most] = energy > 0 ? product(a, b, shift, from, to) / Math.sqrt(energy) : 0;
  }
  const found = peaks(scores);
  const best = Math.max(...found.map(({ height }) => height));
  if (found.length === 0 || best < ALIKE) {
    return 0;
  }
  const lags = found.filter(({ height }) => height >= best * AS_GOOD).map(({ position }) => position - most);
  const smallest = lags.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
  return (smallest * DECIMATION) / sampleRate;
}

/**
 * Finds the local maxima. A peak is rarely at a sample; the parabola through the three nearest samples gives its position and height.
 * Without it, a high tone's true peak can look 3 % lower than its neighbour.
 * @param {Float64Array} scores
 */
function peaks(scores) {
  const found = [];
  for (let i = 1; i < scores.length - 1; i++) {
    const [before, here, after] = [scores[i - 1], scores[i], scores[i + 1]];
    if (here >= before && here > after) {
      const offset = (before - after) / (2 * (before - 2 * here + after));
      found.push({ position: i + offset, height: here - ((before - after) * offset) / 4 });
    }
  }
  return found;
}

/** Listens to two paths at once, from `commit` to the swap. */
export class Comparison {
  #context;
  #taps;

  /**
   * @param {AudioContext} context
   * @param {AudioNode} reference
   * @param {AudioNode} other
   */
  constructor(context, reference, other) {
    this.#context = context;
    this.#taps = [reference, other].map((node) => {
      const analyser = context.createAnalyser();
      analyser.fftSize = WINDOW;
      node.connect(analyser);
      return { node, analyser, samples: new Float32Array(WINDOW) };
    });
  }

  /** @returns {number} seconds by which the second path is later */
  lag() {
    const [reference, other] = this.#taps;
    // The audio thread continues meanwhile. If it has written new samples to the first analyser during the read of the second, the two
    // reads are of different moments: read again.
    for (let attempt = 0; attempt < 4; attempt++) {
      reference.analyser.getFloatTimeDomainData(reference.samples);
      other.analyser.getFloatTimeDomainData(other.samples);
      const newest = reference.samples[WINDOW - 1];
      reference.analyser.getFloatTimeDomainData(reference.samples);
      if (reference.samples[WINDOW - 1] === newest) {
        return lag(reference.samples, other.samples, this.#context.sampleRate);
      }
    }
    return 0;
  }

  close() {
    this.#taps.forEach(({ node, analyser }) => node.disconnect(analyser));
  }
}

/** @param {Float32Array} samples */
function decimate(samples) {
  const short = new Float32Array(Math.floor(samples.length / DECIMATION));
  for (let i = 0; i < short.length; i++) {
    let sum = 0;
    for (let j = 0; j < DECIMATION; j++) {
      sum += samples[i * DECIMATION + j];
    }
    short[i] = sum / DECIMATION;
  }
  return short;
}

/** @param {Float32Array} samples */
function rms(samples) {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/**
 * Sums the energy before each sample, so that the energy of any stretch is one subtraction.
 * @param {Float32Array} samples
 */
function energies(samples) {
  const sums = new Float64Array(samples.length + 1);
  samples.forEach((sample, i) => {
    sums[i + 1] = sums[i] + sample * sample;
  });
  return sums;
}

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} shift
 * @param {number} from
 * @param {number} to
 */
function product(a, b, shift, from, to) {
  let sum = 0;
  for (let i = from; i < to; i++) {
    sum += a[i] * b[i + shift];
  }
  return sum;
}
