// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/**
 * A source for the microphone: a device id, the application's stream, or constraints.
 * @typedef {string | MediaStream | MediaTrackConstraints} MicrophoneSource
 */

const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * The user's microphone. It publishes a clone of the raw track: no WebAudio on the way out, so it adds no delay, and muting disables the
 * clone while the level meter still reads the original.
 *
 * @extends {Emitter<{ changed: { error?: VoiceError, lost?: string } }>}
 */
export class Microphone extends Emitter {
  #context;
  /** @type {MediaStream | null} */
  #stream = null;
  /** The SDK opened the stream, and stops it. */
  #owned = false;
  #enabled = true;
  /** No microphone was available: the next one that is plugged in is opened. */
  #missing = false;
  /** @type {{ source: MediaStreamAudioSourceNode, analyser: AnalyserNode, samples: Float32Array<ArrayBuffer> } | null} */
  #meter = null;

  /** @param {AudioContext} context */
  constructor(context) {
    super();
    this.#context = context;
    /** The track that is sent to the other participants; null: this client only listens. @type {MediaStreamTrack | null} */
    this.published = null;
  }

  get available() {
    return this.published !== null;
  }

  /** The device in use; null: none. */
  get device() {
    const track = this.#stream?.getAudioTracks()[0];
    return track ? { deviceId: track.getSettings().deviceId, label: track.label } : null;
  }

  /**
   * Opens another source; the old one stays if the new one cannot be opened.
   * @param {MicrophoneSource} [wanted]
   * @returns {Promise<void>} rejects with a {@link VoiceError}
   */
  async open(wanted) {
    await this.#take(wanted);
    this.emit('changed', {});
  }

  /**
   * Follows a change of the devices: replaces an unplugged microphone, and opens one if there was none before.
   * @param {{ deviceId: string }[]} devices
   */
  async reconcile(devices) {
    const track = this.#stream?.getAudioTracks()[0];
    const own = track?.getSettings().deviceId;
    if (track && this.#owned && own && devices.length > 0 && !devices.some(({ deviceId }) => deviceId === own)) {
      await this.#fallBack();
    } else if (!track && this.#missing && devices.length > 0) {
      await this.open().catch(() => undefined); // the user did not ask for it now, so a failure changes nothing
    }
  }

  /** @param {MicrophoneSource} [wanted] */
  async #take(wanted) {
    const given = wanted instanceof MediaStream;
    const stream = given ? wanted : await capture(wanted).catch((error) => {
      this.#missing = error.code === 'microphoneMissing';
      throw error;
    });
    this.#missing = false;
    const track = stream.getAudioTracks()[0];
    if (!track) {
      throw new VoiceError('microphoneMissing', 'The stream has no audio track: pass a stream that has one.');
    }
    this.#drop();
    this.#stream = stream;
    this.#owned = !given;
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
   * The loudness of the last 43 ms, muted or not. The first call creates the meter.
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

  /** The device was unplugged, or the permission withdrawn: opens the system's present default instead. */
  async #fallBack() {
    const lost = this.device?.label ?? '';
    this.#drop();
    try {
      await this.#take();
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
      if (this.#owned) {
        track.stop();
      }
    }
    this.#stream = null;
  }
}

/**
 * @param {string | MediaTrackConstraints} [wanted]
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
        throw new VoiceError('microphoneDenied',
          'The browser was not allowed to use the microphone: allow it for this page to speak.', { cause });
      case 'NotFoundError':
      case 'OverconstrainedError':
        throw new VoiceError('microphoneMissing', 'There is no such microphone: plug one in or choose another.', { cause });
      case 'NotReadableError':
      case 'AbortError':
        throw new VoiceError('microphoneBusy',
          'The microphone does not answer: another program may be using it.', { retryable: true, cause });
      default:
        throw new VoiceError('microphoneFailed', `The microphone could not be opened (${cause}).`, { cause });
    }
  }
}
