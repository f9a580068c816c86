// @ts-check
import { describeError } from './words.js';
import { byId, element } from './dom.js';
import { showToast } from './notices.js';

/** @typedef {import('../sdk/hype-voice.js').VoiceChannel} VoiceChannel */

const METER_INTERVAL_MS = 50;

/** Which microphone, and whether it hears anything. */
export class MicrophonePicker {
  #select = byId('microphone');
  #meter = byId('meter');
  #channel;
  #stop = new AbortController();
  #drawnAt = 0;
  #frame = 0;

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    const { signal } = this.#stop;
    this.#select.addEventListener('change', () => this.#choose(), { signal });
    // Not everywhere: only pages from https or localhost have devices.
    navigator.mediaDevices?.addEventListener('devicechange', () => this.refresh(), { signal });
    // The browser calls back only while the page is seen, so a meter that nobody looks at costs nothing.
    this.#frame = requestAnimationFrame((now) => this.#draw(now));
    void this.refresh();
  }

  async refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const { available, deviceId, label } = this.#channel.microphone;
    const options = devices.filter(({ kind, deviceId: id }) => kind === 'audioinput' && id !== '')
      .map((device) => option(device.deviceId, device.label || 'Microphone', device.deviceId === deviceId));
    if (!options.some(({ selected }) => selected)) {
      // A stream that is no device of this machine, or no microphone at all.
      options.unshift(option('', available ? label || 'Microphone' : 'No microphone', true));
    }
    this.#select.replaceChildren(...options);
    this.#select.title = this.#select.selectedOptions[0]?.label ?? '';
  }

  close() {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
  }

  async #choose() {
    if (this.#select.value !== '') {
      await this.#channel.setMicrophone(this.#select.value).catch((error) => showToast(describeError(error), { kind: 'bad', forMs: 6000 }));
    }
    await this.refresh();
  }

  /** @param {number} now */
  #draw(now) {
    if (now - this.#drawnAt >= METER_INTERVAL_MS) {
      this.#drawnAt = now;
      this.#meter.style.setProperty('--level', this.#channel.level().toFixed(3));
    }
    this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }
}

/**
 * @param {string} value
 * @param {string} label
 * @param {boolean} selected
 */
function option(value, label, selected) {
  const node = /** @type {HTMLOptionElement} */ (element('option', { value }, label));
  node.selected = selected;
  return node;
}
