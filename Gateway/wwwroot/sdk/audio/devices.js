// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/** @typedef {import('../types.js').DeviceList} DeviceList */

/**
 * What can be heard with and spoken into, as it is plugged in and pulled out, and where the voices are played.
 *
 * @extends {Emitter<{ changed: DeviceList, speaker: { deviceId: string, lost?: string } }>}
 */
export class Devices extends Emitter {
  #context;
  /** @type {DeviceList} */
  #known = { microphones: [], speakers: [] };
  #speaker = '';
  #stop = new AbortController();

  /** @param {AudioContext} context */
  constructor(context) {
    super();
    this.#context = context;
    // Not everywhere: only pages from https or localhost have devices.
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.refresh(), { signal: this.#stop.signal });
  }

  /** Those of this moment. Browsers name none before the microphone was allowed. */
  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const ofKind = (/** @type {MediaDeviceKind} */ kind) => all.filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
    return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
  }

  /** This browser lets a page choose: elsewhere the voices are played where the system plays everything. */
  get canChooseSpeaker() {
    return 'setSinkId' in this.#context;
  }

  /** The device that the voices are played on; empty: the system's choice. */
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

  /** Looks again; a browser says that something changed, but not what, and often several times. */
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

  close() {
    this.#stop.abort();
  }
}
