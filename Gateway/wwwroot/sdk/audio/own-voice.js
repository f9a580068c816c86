// @ts-check
import { Emitter } from '../emitter.js';
import { Microphone } from './microphone.js';
import { Talk } from './talk.js';

/** @typedef {import('../types.js').ChannelEvents} ChannelEvents */
/** @typedef {import('../types.js').JoinOptions} JoinOptions */

/**
 * What you say, and all that can keep it from being heard: yourself, a moderator, what you may, and the talk mode.
 *
 * @extends {Emitter<Pick<ChannelEvents, 'state' | 'transmitting' | 'moderated' | 'microphone'>>}
 */
export class OwnVoice extends Emitter {
  #audio;
  #microphone;
  #publish;
  #muted;
  #deafened;
  #serverMuted = false;
  /** @type {readonly import('../types.js').Grant[]} */
  #grants = [];
  #transmitting = false;
  /** @type {import('../errors.js').VoiceError | undefined} */
  #error;
  #closed = false;

  /**
   * @param {import('./audio-engine.js').AudioEngine} audio
   * @param {JoinOptions} options
   * @param {(track: MediaStreamTrack | null) => Promise<void>} publish on every connection
   */
  constructor(audio, { muted = false, deafened = false }, publish) {
    super();
    this.#audio = audio;
    this.#publish = publish;
    this.#muted = muted;
    this.#deafened = deafened;
    this.#microphone = new Microphone(audio.context);
    /** When the microphone is heard. */
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

  get microphone() {
    return { available: this.#microphone.available, ...this.#microphone.device, ...(this.#error && { error: this.#error }) };
  }

  /** What to publish now; null: a listener. */
  get track() {
    return this.#microphone.published;
  }

  /** As the others are to see you: to be deaf is to be muted too. */
  get flags() {
    return { muted: this.#muted || this.#deafened, deafened: this.#deafened };
  }

  /**
   * Who cannot have a microphone joins as a listener, and {@link microphone} says why.
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

  /** @param {string | MediaStream | MediaTrackConstraints} source the old one stays when it cannot be had */
  async setMicrophone(source) {
    await this.#microphone.open(source);
  }

  /** @param {{ deviceId: string }[]} microphones that there are now */
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

  /** @param {readonly import('../types.js').Grant[]} grants what you may from now on */
  permit(grants) {
    this.#grants = grants;
    this.#apply();
  }

  /** @param {boolean} serverMuted by a moderator */
  moderate(serverMuted) {
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
    // Nothing of a listener leaves the browser, in a mesh either, where no server would stop it.
    const maySpeak = !this.#serverMuted && this.#grants.includes('speak');
    const mayBeHeard = maySpeak && !this.#muted && !this.#deafened && this.talk.open;
    this.#microphone.enable(mayBeHeard);
    const transmitting = mayBeHeard && this.#microphone.available;
    if (transmitting !== this.#transmitting) {
      this.#transmitting = transmitting;
      this.emit('transmitting', transmitting);
    }
  }

  /**
   * @param {import('../errors.js').VoiceError} [error]
   * @param {string} [lost]
   */
  async #changed(error, lost) {
    this.#error = error;
    this.#apply();
    await this.#publish(this.track);
    this.emit('microphone', { ...this.microphone, ...(lost !== undefined && { lost }) });
  }
}
