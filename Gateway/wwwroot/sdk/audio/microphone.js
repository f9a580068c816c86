// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * The own voice. What is published is a clone of the raw track: no WebAudio on the way out, so nothing is added to the delay,
 * and to mute is to disable the clone while the level meter still sees the original.
 *
 * @extends {Emitter<{ changed: { error?: VoiceError, lost?: string } }>}
 */
export class Microphone extends Emitter {
  #context;
  /** @type {MediaStream | null} */
  #stream = null;
  #ours = false;
  #enabled = true;
  /** There was none to be had: the next one that is plugged in is taken. */
  #missing = false;
  /** @type {{ source: MediaStreamAudioSourceNode, analyser: AnalyserNode, samples: Float32Array<ArrayBuffer> } | null} */
  #meter = null;

  /** @param {AudioContext} context */
  constructor(context) {
    super();
    this.#context = context;
    /** The track that goes to the others; null: nothing to publish. @type {MediaStreamTrack | null} */
    this.published = null;
  }

  get available() {
    return this.published !== null;
  }

  /** The device in use, if there is one. */
  get device() {
    const track = this.#stream?.getAudioTracks()[0];
    return track ? { deviceId: track.getSettings().deviceId, label: track.label } : null;
  }

  /**
   * Takes another source; the old one stays when the new one cannot be had.
   * @param {string | MediaStream | MediaTrackConstraints | undefined} wanted
   * @returns {Promise<void>} rejects with a {@link VoiceError}
   */
  async open(wanted) {
    await this.#take(wanted);
    this.emit('changed', {});
  }

  /**
   * What the browser has was looked at anew: is ours still among it, and if there was none, is there one now?
   * @param {{ deviceId: string }[]} devices
   */
  async reconcile(devices) {
    const track = this.#stream?.getAudioTracks()[0];
    const own = track?.getSettings().deviceId;
    if (track && this.#ours && own && devices.length > 0 && !devices.some(({ deviceId }) => deviceId === own)) {
      await this.#fallBack();
    } else if (!track && this.#missing && devices.length > 0) {
      await this.open(undefined).catch(() => undefined); // as it was: nobody asked for it now
    }
  }

  /** @param {string | MediaStream | MediaTrackConstraints | undefined} wanted */
  async #take(wanted) {
    const given = wanted instanceof MediaStream;
    const stream = given ? wanted : await capture(wanted).catch((error) => {
      this.#missing = error.code === 'microphoneMissing';
      throw error;
    });
    this.#missing = false;
    const track = stream.getAudioTracks()[0];
    if (!track) {
      throw new VoiceError('microphoneMissing', 'The stream has no audio track: give one that has.');
    }
    this.#drop();
    this.#stream = stream;
    this.#ours = !given;
    this.published = track.clone();
    this.published.enabled = this.#enabled;
    track.addEventListener('ended', this.#ended);
  }

  /** @param {boolean} enabled */
  enable(enabled) {
    this.#enabled = enabled;
    if (this.published) {
      this.published.enabled = enabled;
    }
  }

  /**
   * The loudness of the last 43 ms, muted or not. The meter is made when first asked for.
   * @returns {number} root mean square, 0…1
   */
  rms() {
    if (!this.#stream) {
      return 0;
    }
    this.#meter ??= this.#createMeter(this.#stream);
    const { analyser, samples } = this.#meter;
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) {
      sum += sample * sample;
    }
    return Math.sqrt(sum / samples.length);
  }

  close() {
    this.#missing = false;
    this.#drop();
  }

  /** @param {MediaStream} stream */
  #createMeter(stream) {
    const source = this.#context.createMediaStreamSource(stream);
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 2048;
    source.connect(analyser);
    return { source, analyser, samples: new Float32Array(analyser.fftSize) };
  }

  #ended = () => void this.#fallBack();

  /** The device was unplugged, or the permission withdrawn: what the system now calls its default is taken instead. */
  async #fallBack() {
    const lost = this.device?.label ?? '';
    this.#drop();
    try {
      await this.#take(undefined);
      this.emit('changed', { lost });
    } catch (error) {
      this.emit('changed', { lost, error: /** @type {VoiceError} */ (error) });
    }
  }

  #drop() {
    this.#meter?.source.disconnect();
    this.#meter = null;
    this.published?.stop();
    this.published = null;
    for (const track of this.#stream?.getAudioTracks() ?? []) {
      track.removeEventListener('ended', this.#ended);
      if (this.#ours) {
        track.stop();
      }
    }
    this.#stream = null;
  }
}

/**
 * @param {string | MediaTrackConstraints | undefined} wanted
 * @returns {Promise<MediaStream>}
 */
async function capture(wanted) {
  if (!navigator.mediaDevices) {
    throw new VoiceError('unsupportedBrowser', 'Browsers give a microphone only to pages from https or from localhost.');
  }
  const constraints = typeof wanted === 'string' ? { deviceId: { exact: wanted } } : wanted;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...PROCESSING, ...constraints } });
  } catch (cause) {
    switch (/** @type {Error} */ (cause).name) {
      case 'NotAllowedError':
      case 'SecurityError':
        throw new VoiceError('microphoneDenied', 'The browser was not allowed to use the microphone: allow it for this page to speak.', { cause });
      case 'NotFoundError':
      case 'OverconstrainedError':
        throw new VoiceError('microphoneMissing', 'There is no such microphone: plug one in or choose another.', { cause });
      case 'NotReadableError':
      case 'AbortError':
        throw new VoiceError('microphoneBusy', 'The microphone does not answer: another program may be using it.', { retryable: true, cause });
      default:
        throw new VoiceError('microphoneFailed', `The microphone could not be opened (${cause}).`, { cause });
    }
  }
}
