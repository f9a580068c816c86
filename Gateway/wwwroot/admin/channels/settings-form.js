// @ts-check
import { byId } from '../../shared/dom.js';

/** @import { SettingsBody } from '../api/rest.js' */

/**
 * One input of the form.
 * @typedef {object} Field
 * @property {string} label its name in sentences
 * @property {HTMLSelectElement | HTMLInputElement} input
 * @property {(settings: SettingsBody) => string} read returns the server's value as the input shows it
 * @property {string | null} base the server's value when the administrator changed the input; null: the input is unchanged
 */

/**
 * The form for a channel's settings. It follows the server, except in the fields that the administrator has changed and not yet saved. If
 * the server's value of such a field changes meanwhile, the form says so.
 */
export class SettingsForm {
  #root = byId('settings', HTMLFormElement);
  #notice = byId('settings-changed');
  #sentence = byId('settings-changed-text');
  /** @type {Field[]} */
  #fields;
  /** @type {SettingsBody | null} */
  #settings = null;
  /** The channel that the form shows: a new object for each one. */
  #channel = {};

  /** @param {(settings: SettingsBody) => Promise<boolean>} save stores the settings; false: it was refused */
  constructor(save) {
    const { elements } = this.#root;
    const mode = /** @type {HTMLSelectElement} */ (elements.namedItem('mode'));
    const most = /** @type {HTMLInputElement} */ (elements.namedItem('maxParticipants'));
    this.#fields = [
      { label: 'mode', input: mode, read: (settings) => settings.mode, base: null },
      { label: 'limit of people', input: most, read: (settings) => String(settings.maxParticipants ?? ''), base: null },
    ];
    for (const field of this.#fields) {
      field.input.addEventListener('input', () => this.#edited(field));
    }
    this.#enable(false);
    byId('settings-theirs').addEventListener('click', () => this.reset());
    this.#root.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#settings && this.#root.reportValidity()) {
        void this.#save(this.#settings, mode.value, most.value, save);
      }
    });
  }

  /** @param {SettingsBody} settings the server's settings */
  show(settings) {
    this.#settings = settings;
    this.#enable(true);
    for (const field of this.#fields) {
      if (field.base === null) {
        field.input.value = field.read(settings);
      }
    }
    this.#showNotice();
  }

  /** Discards unsaved changes. */
  reset() {
    for (const field of this.#fields) {
      field.base = null;
    }
    if (this.#settings) {
      this.show(this.#settings);
    }
  }

  /** Forgets the channel, before another one is shown. */
  clear() {
    this.#channel = {};
    this.#settings = null;
    this.#enable(false);
    this.reset();
    this.#notice.hidden = true;
  }

  /** @param {boolean} enabled false: the server's settings are not here yet, and would replace an edit */
  #enable(enabled) {
    this.#fields.forEach(({ input }) => (input.disabled = !enabled));
  }

  /** @param {Field} field */
  #edited(field) {
    const theirs = this.#settings && field.read(this.#settings);
    field.base = field.input.value === theirs ? null : (field.base ?? theirs);
    this.#showNotice();
  }

  /**
   * @param {SettingsBody} settings
   * @param {string} mode
   * @param {string} most
   * @param {(settings: SettingsBody) => Promise<boolean>} save
   */
  async #save(settings, mode, most, save) {
    // The call replaces all settings: those that this page does not show are sent back unchanged.
    const changed = /** @type {SettingsBody} */ ({ ...settings, mode, maxParticipants: most ? Number(most) : null });
    const saved = this.#fields.map(({ input }) => input.value);
    const channel = this.#channel;
    if (!await save(changed) || channel !== this.#channel || !this.#settings) {
      return; // refused, or the page shows another channel by now
    }
    this.#settings = { ...this.#settings, mode: changed.mode, maxParticipants: changed.maxParticipants };
    // An input that was edited while the call ran keeps its new value, which is not saved yet.
    this.#fields.forEach((field, i) => {
      field.base = field.input.value === saved[i] ? null : field.read(changed);
    });
    this.show(this.#settings);
  }

  #showNotice() {
    const settings = this.#settings;
    const changed = settings ? this.#fields.filter(({ base, read }) => base !== null && read(settings) !== base) : [];
    this.#notice.hidden = changed.length === 0;
    if (settings && changed.length > 0) {
      const news = changed.map(({ label, read }) => `the ${label} is now ${read(settings) || 'the default'}`).join(', and ');
      this.#sentence.textContent = `While you edited, someone changed the settings: ${news}. Save replaces that by your choice.`;
    }
  }
}
