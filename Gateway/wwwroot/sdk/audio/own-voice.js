// @ts-check
import { Emitter } from '../emitter.js';
import { Talk } from './talk.js';

/** @import { VoiceError } from '../errors.js' */
/** @import { LayoutSwitch } from '../transport/layout-switch.js' */
/** @import { ChannelEvents, Grant, JoinOptions, MicrophoneState } from '../types.js' */
/** @import { AudioEngine } from './audio-engine.js' */
/** @import { Microphone, MicrophoneSource } from './microphone.js' */

/**
 * Your own speech, and everything that can silence it: your mute, a moderator's mute, your grants, and the talk mode.
 *
 * @extends {Emitter<Pick<ChannelEvents, 'state' | 'transmitting' | 'moderated' | 'microphone'>>}
 */
export class OwnVoice extends Emitter {
  #audio;
  #microphone;
  #layouts;
  #muted;
  #deafened;
  #serverMuted = false;
  /** @type {readonly Grant[]} */
  #grants = [];
  #transmitting = false;
  /** @type {VoiceError | undefined} */
  #error;
  #closed = false;

  /**
   * @param {{ audio: AudioEngine, microphone: Microphone, layouts: LayoutSwitch }} parts
   * @param {JoinOptions} options
   */
  constructor({ audio, microphone, layouts }, { muted = false, deafened = false }) {
    super();
    this.#audio = audio;
    this.#microphone = microphone;
    this.#layouts = layouts;
    this.#muted = muted;
    this.#deafened = deafened;
    /** The condition under which the microphone transmits. */
    this.talk = new Talk(audio.context, () => this.level());
    this.talk.on('changed', () => this.#apply());
  }

  get muted() {
    return this.#muted;
  }

  get deafened() {
    return this.#deafened;
  }

  get serverMuted() {
    return this.#serverMuted;
  }

  get grants() {
    return this.#grants;
  }

  get transmitting() {
    return this.#transmitting;
  }

  /** @returns {MicrophoneState} */
  get microphone() {
    return { available: this.#microphone.available, ...this.#microphone.device, ...(this.#error && { error: this.#error }) };
  }

  /** The flags that the other participants receive: a deafened participant is muted too. */
  get flags() {
    return { muted: this.#muted || this.#deafened, deafened: this.#deafened };
  }

  /**
   * Opens the microphone. A client without one joins as a listener, and {@link microphone} has the reason.
   * @param {JoinOptions} options
   */
  async open({ microphone, talk = { mode: 'open' } }) {
    this.#audio.deafen(this.#deafened);
    this.talk.use(talk);
    this.#apply();
    if (microphone !== false) {
      await this.#microphone.open(microphone).catch((error) => (this.#error = error));
    }
    this.#microphone.on('changed', ({ error, lost }) => void this.#changed(error, lost));
  }

  /** @param {MicrophoneSource} source the old one stays if the new one cannot be opened */
  async setMicrophone(source) {
    await this.#microphone.open(source);
  }

  /** @param {{ deviceId: string }[]} microphones the present ones */
  reconcile(microphones) {
    return this.#microphone.reconcile(microphones);
  }

  /**
   * @param {boolean} muted
   * @param {boolean} deafened
   */
  set(muted, deafened) {
    if (this.#closed || (muted === this.#muted && deafened === this.#deafened)) {
      return;
    }
    this.#muted = muted;
    this.#deafened = deafened;
    this.#audio.deafen(deafened);
    this.#apply();
    this.emit('state', { muted, deafened });
  }

  /** @param {readonly Grant[]} grants */
  setGrants(grants) {
    this.#grants = grants;
    this.#apply();
  }

  /** @param {boolean} serverMuted */
  setServerMuted(serverMuted) {
    if (serverMuted !== this.#serverMuted) {
      this.#serverMuted = serverMuted;
      this.#apply();
      this.emit('moderated', { serverMuted });
    }
  }

  /** @returns {number} root mean square, 0…1 */
  rms() {
    return this.#microphone.rms();
  }

  /** @returns {number} 0 (-60 dB and below) … 1 (0 dB) */
  level() {
    const rms = this.rms();
    return rms > 0 ? Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60)) : 0;
  }

  close() {
    this.#closed = true;
    this.talk.close();
    this.#microphone.close();
  }

  #apply() {
    // No speech of a listener leaves the browser, not even in a mesh, where no server would stop it.
    const maySpeak = !this.#serverMuted && this.#grants.includes('speak');
    const open = maySpeak && !this.#muted && !this.#deafened && this.talk.open;
    this.#microphone.enable(open);
    const transmitting = open && this.#microphone.available;
    if (transmitting !== this.#transmitting) {
      this.#transmitting = transmitting;
      this.emit('transmitting', transmitting);
    }
  }

  /**
   * @param {VoiceError} [error]
   * @param {string} [lost]
   */
  async #changed(error, lost) {
    this.#error = error;
    this.#apply();
    await this.#layouts.setTrack(this.#microphone.published);
    this.emit('microphone', { ...this.microphone, ...(lost !== undefined && { lost }) });
  }
}
