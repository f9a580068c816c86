// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/** @import { DeviceList } from '../types.js' */

/**
 * The microphones and outputs as they are plugged in and unplugged, and the output in use.
 *
 * @extends {Emitter<{ changed: DeviceList, speaker: { deviceId: string, lost?: string } }>}
 */
export class Devices extends Emitter {
  #context;
  /** @type {DeviceList} */
  #known = { microphones: [], speakers: [] };
  #speaker = '';
  #stop = new AbortController();

  /**
   * @internal
   * @param {AudioContext} context
   */
  constructor(context) {
    super();
    this.#context = context;
    // Only pages from https or localhost have devices.
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.refresh(), { signal: this.#stop.signal });
  }

  /**
   * The present devices. Browsers name none before the user has allowed the microphone.
   * @returns {Promise<DeviceList>}
   */
  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const ofKind = (/** @type {MediaDeviceKind} */ kind) => all.filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
    return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
  }

  /** This browser lets a page choose the output; elsewhere the voices play on the system's. */
  get canChooseSpeaker() {
    return 'setSinkId' in this.#context;
  }

  /** The output device in use; empty: the system's choice. */
  get speaker() {
    return this.#speaker;
  }

  /**
   * @param {string} deviceId empty: the system's choice
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old one then stays
   */
  async setSpeaker(deviceId) {
    const context = /** @type {AudioContext & { setSinkId?: (id: string) => Promise<void> }} */ (this.#context);
    if (!context.setSinkId) {
      throw new VoiceError('unsupportedBrowser', 'This browser plays everything on the system\'s output: choose it there.');
    }
    try {
      await context.setSinkId(deviceId === 'default' ? '' : deviceId);
    } catch (cause) {
      throw new VoiceError('speakerMissing', 'This output cannot be used: plug it in or choose another.', { cause });
    }
    this.#speaker = deviceId === 'default' ? '' : deviceId;
    this.emit('speaker', { deviceId: this.#speaker });
  }

  /**
   * Reads the devices again: a browser reports that something changed, but not what, and often several times.
   * @internal
   */
  async refresh() {
    const now = await this.list();
    const before = this.#known;
    if (this.#stop.signal.aborted || JSON.stringify(now) === JSON.stringify(before)) {
      return;
    }
    this.#known = now;
    this.emit('changed', now);
    if (this.#speaker !== '' && now.speakers.length > 0 && !now.speakers.some(({ deviceId }) => deviceId === this.#speaker)) {
      const lost = before.speakers.find(({ deviceId }) => deviceId === this.#speaker)?.label ?? '';
      await this.setSpeaker('');
      this.emit('speaker', { deviceId: '', lost });
    }
  }

  /** @internal */
  close() {
    this.#stop.abort();
  }
}
