// @ts-check
import { describeError } from '../words.js';
import { element } from '../../shared/dom.js';
import { showToast } from '../../shared/notices.js';

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */
/** @import { Device, DeviceList } from '../../sdk/types.js' */

/**
 * The use for which a picker chooses a device.
 * @typedef {object} DeviceUse
 * @property {(list: DeviceList) => Device[]} candidates
 * @property {() => { deviceId?: string, label: string }} current
 * @property {(deviceId: string) => Promise<void>} choose
 */

/** A list from which the user chooses one of the plugged-in devices. */
export class DevicePicker {
  #select;
  #devices;
  #use;
  #stop = new AbortController();

  /**
   * @param {HTMLSelectElement} select
   * @param {VoiceChannel['devices']} devices
   * @param {DeviceUse} use
   */
  constructor(select, devices, use) {
    this.#select = select;
    this.#devices = devices;
    this.#use = use;
    select.addEventListener('change', () => this.#choose(), { signal: this.#stop.signal });
    void this.refresh();
  }

  async refresh() {
    const devices = this.#use.candidates(await this.#devices.list());
    const { deviceId, label } = this.#use.current();
    const options = devices.map((device) => option(device.deviceId, device.label || 'Unnamed device', device.deviceId === deviceId));
    if (!options.some(({ selected }) => selected)) {
      options.unshift(option('', label, true)); // a device that the list does not contain, or none
    }
    this.#select.replaceChildren(...options);
    this.#select.title = this.#select.selectedOptions[0]?.label ?? '';
  }

  close() {
    this.#stop.abort();
  }

  async #choose() {
    if (this.#select.value !== '') {
      await this.#use.choose(this.#select.value).catch((error) => showToast(describeError(error), { kind: 'bad', forMs: 6000 }));
    }
    await this.refresh();
  }
}

/**
 * @param {string} value
 * @param {string} label
 * @param {boolean} selected
 */
function option(value, label, selected) {
  const node = element('option', { value }, label);
  node.selected = selected;
  return node;
}
