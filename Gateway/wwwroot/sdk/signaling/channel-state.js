// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';
import { Roster } from './roster.js';

/** @typedef {import('../types.js').ChannelEvents} ChannelEvents */
/** @typedef {import('../types.js').Welcome} Welcome */

/**
 * Your place in the channel as the server tells of it: who else is here, who speaks most, what you may, and which layout to build. Takes what
 * the {@link import('./session.js').Session} receives and hands each part to whose it is.
 *
 * @extends {Emitter<Pick<ChannelEvents, 'connectionState' | 'roster' | 'dominant' | 'grants' | 'moved' | 'reconnecting' | 'reconnected' | 'error'>>}
 */
export class Seat extends Emitter {
  #session;
  #layouts;
  #voice;
  #renewed;
  #roster = new Roster();
  /** @type {Welcome | null} */
  #welcome = null;
  /** @type {number | null} */
  #dominant = null;
  /** @type {import('../types.js').ConnectionState} */
  #state = 'connecting';

  /**
   * @param {string} channel
   * @param {object} parts
   * @param {import('./session.js').Session} parts.session
   * @param {import('../transport/layout-switch.js').LayoutSwitch} parts.layouts
   * @param {import('../audio/own-voice.js').OwnVoice} parts.voice
   * @param {() => void} parts.renewed the access to STUN and TURN servers
   */
  constructor(channel, { session, layouts, voice, renewed }) {
    super();
    /** Where you are: a moderator may put you into another one. */
    this.channel = channel;
    this.#session = session;
    this.#layouts = layouts;
    this.#voice = voice;
    this.#renewed = renewed;
    session.on('welcome', (welcome) => this.#welcomed(welcome));
    session.on('message', (message) => this.#receive(message));
    session.on('lost', (retry) => {
      this.#setState('reconnecting');
      this.emit('reconnecting', retry);
    });
    voice.on('state', () => this.#sendState());
  }

  get state() {
    return this.#state;
  }

  get online() {
    return this.#state === 'connected';
  }

  get number() {
    return this.#welcome?.number ?? 0;
  }

  get identity() {
    return this.#welcome?.identity ?? '';
  }

  get settings() {
    return this.#welcome?.settings ?? null;
  }

  /** STUN and TURN servers, with the newest credentials. */
  get iceServers() {
    return this.#welcome?.iceServers ?? [];
  }

  get participants() {
    return this.#roster.participants;
  }

  get dominant() {
    return this.#dominant;
  }

  /** @param {number} number */
  member(number) {
    return this.#roster.get(number);
  }

  /** It is over. */
  close() {
    this.#setState('closed');
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    const before = this.#welcome;
    const cameBack = before !== null && !this.online;
    const moved = before !== null && before.channel !== welcome.channel;
    const sameMedia = welcome.resumed && !moved;
    this.#welcome = welcome;
    this.#setState('connected');
    this.#voice.permit(welcome.grants);
    if (!sameMedia) {
      this.#layouts.close(); // its members and epochs are another session's
    }
    if (moved) {
      this.channel = welcome.channel;
      this.#roster.clear();
    }
    const change = this.#roster.replace(welcome.seq, welcome.participants);
    if (moved) {
      this.emit('moved', { from: before.channel, to: welcome.channel, number: welcome.number });
    }
    this.#setDominant(welcome.dominant ?? null);
    this.#changed(change);
    if (sameMedia) {
      this.#renewed();
      this.#layouts.resume(welcome);
    } else {
      this.#layouts.start(welcome);
    }
    const own = this.#roster.get(this.number);
    const { muted, deafened } = this.#voice.flags;
    if (own && (own.muted !== muted || own.deafened !== deafened)) {
      this.#sendState();
    }
    if (cameBack) {
      this.emit('reconnected', { resumed: welcome.resumed, number: welcome.number });
    }
  }

  /** @param {any} message */
  #receive(message) {
    switch (message.type) {
      case 'rosterDiff': {
        const change = this.#roster.apply(message);
        if (change === 'missed') {
          this.#session.send({ type: 'sync' });
        } else if (change !== 'known') {
          this.#changed(change);
        }
        break;
      }
      case 'roster':
        this.#changed(this.#roster.replace(message.seq, message.participants));
        break;
      case 'mode':
        this.#layouts.prepare(message);
        break;
      case 'commit':
        this.#layouts.commit(message.epoch);
        break;
      case 'signal':
      case 'offer':
      case 'candidate':
        this.#layouts.accept(message);
        break;
      case 'speakers':
        this.#setDominant(message.dominant);
        break;
      case 'moderated':
        this.#voice.moderate(message.serverMuted);
        break;
      case 'grants':
        this.#voice.permit(message.grants);
        this.emit('grants', message.grants);
        break;
      case 'iceServers':
        this.#welcome = { .../** @type {Welcome} */ (this.#welcome), iceServers: message.iceServers };
        this.#renewed();
        break;
      case 'error':
        this.emit('error', new VoiceError(message.code, message.message, message));
        break;
      default: // a newer server may say more than this client knows
    }
  }

  /** @param {import('../types.js').RosterChange} change */
  #changed(change) {
    this.#voice.moderate(this.#roster.get(this.number)?.serverMuted ?? false);
    this.#layouts.reconcile();
    this.emit('roster', { ...change, participants: this.participants });
  }

  /** @param {number | null} dominant */
  #setDominant(dominant) {
    if (dominant !== this.#dominant) {
      this.#dominant = dominant;
      this.emit('dominant', dominant);
    }
  }

  /** @param {import('../types.js').ConnectionState} state */
  #setState(state) {
    if (state !== this.#state) {
      this.#state = state;
      this.emit('connectionState', state);
    }
  }

  #sendState() {
    if (this.online) { // else the next welcome shows the difference
      this.#session.send({ type: 'state', ...this.#voice.flags });
    }
  }
}
