// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/** @import { OwnVoice } from '../audio/own-voice.js' */
/** @import { IceConfiguration } from '../transport/ice-configuration.js' */
/** @import { LayoutSwitch } from '../transport/layout-switch.js' */
/** @import { ChannelEvents, ConnectionState, RosterChange } from '../types.js' */
/** @import { ServerMessage, WelcomeMessage } from './messages.js' */
/** @import { Roster } from './roster.js' */
/** @import { Session } from './session.js' */

/**
 * @typedef {Pick<ChannelEvents, 'connectionState' | 'roster' | 'dominant' | 'grants' | 'moved' | 'reconnecting' | 'reconnected'
 *   | 'error'>} StateEvents
 */

/**
 * The channel as the server describes it: roster, dominant speaker, grants and layouts. Routes each message that the session receives
 * to the part that it concerns.
 *
 * @extends {Emitter<StateEvents>}
 */
export class ChannelState extends Emitter {
  #session;
  #roster;
  #ice;
  #layouts;
  #voice;
  /** @type {WelcomeMessage | null} */
  #welcome = null;
  /** @type {number | null} */
  #dominant = null;
  /** @type {ConnectionState} */
  #connection = 'connecting';

  /** @param {{ session: Session, roster: Roster, ice: IceConfiguration, layouts: LayoutSwitch, voice: OwnVoice }} parts */
  constructor({ session, roster, ice, layouts, voice }) {
    super();
    this.#session = session;
    this.#roster = roster;
    this.#ice = ice;
    this.#layouts = layouts;
    this.#voice = voice;
    session.on('welcome', (welcome) => this.#admitted(welcome));
    session.on('message', (message) => this.#receive(message));
    session.on('lost', (retry) => {
      this.#setConnection('reconnecting');
      this.emit('reconnecting', retry);
    });
    voice.on('state', () => this.#sendState());
  }

  get connection() {
    return this.#connection;
  }

  get identity() {
    return this.#welcome?.identity ?? '';
  }

  get settings() {
    return this.#welcome?.settings ?? null;
  }

  get dominant() {
    return this.#dominant;
  }

  close() {
    this.#setConnection('closed');
  }

  get #online() {
    return this.#connection === 'connected';
  }

  /** @param {WelcomeMessage} welcome */
  #admitted(welcome) {
    const before = this.#welcome;
    const reconnected = before !== null && !this.#online;
    const moved = before !== null && before.channel !== welcome.channel;
    const sameMedia = welcome.resumed && !moved;
    this.#welcome = welcome;
    this.#roster.self = welcome.number;
    this.#ice.servers = welcome.iceServers;
    this.#setConnection('connected');
    this.#voice.setGrants(welcome.grants);
    if (!sameMedia) {
      this.#layouts.close(); // its participants and epochs belong to another session
    }
    if (moved) {
      this.#roster.clear();
    }
    const change = this.#roster.replace(welcome.seq, welcome.participants);
    if (moved) {
      this.emit('moved', { from: before.channel, to: welcome.channel, number: welcome.number });
    }
    this.#setDominant(welcome.dominant ?? null);
    this.#rosterChanged(change);
    if (sameMedia) {
      this.#layouts.iceServersRenewed();
      this.#layouts.resume(welcome);
    } else {
      this.#layouts.start(welcome);
    }
    const own = this.#roster.get(welcome.number);
    const { muted, deafened } = this.#voice.flags;
    if (own && (own.muted !== muted || own.deafened !== deafened)) {
      this.#sendState();
    }
    if (reconnected) {
      this.emit('reconnected', { resumed: welcome.resumed, number: welcome.number });
    }
  }

  /** @param {ServerMessage} message */
  #receive(message) {
    switch (message.type) {
      case 'rosterDiff': {
        const change = this.#roster.apply(message);
        if (change === 'missed') {
          this.#session.send({ type: 'sync' });
        } else if (change !== 'known') {
          this.#rosterChanged(change);
        }
        break;
      }
      case 'roster':
        this.#rosterChanged(this.#roster.replace(message.seq, message.participants));
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
        this.#voice.setServerMuted(message.serverMuted);
        break;
      case 'grants':
        this.#voice.setGrants(message.grants);
        this.emit('grants', message.grants);
        break;
      case 'iceServers':
        this.#ice.servers = message.iceServers;
        this.#layouts.iceServersRenewed();
        break;
      case 'error':
        if (message.code === 'staleEpoch' && message.inReplyTo === 'signal') {
          break; // a candidate that was found after the mesh had been replaced
        }
        this.emit('error', new VoiceError(message.code, message.message, message));
        break;
      default: // a newer server may send types that this client does not know
    }
  }

  /** @param {RosterChange} change */
  #rosterChanged(change) {
    this.#voice.setServerMuted(this.#roster.get(this.#roster.self)?.serverMuted ?? false);
    this.#layouts.reconcile();
    this.emit('roster', { ...change, participants: this.#roster.participants });
  }

  /** @param {number | null} dominant */
  #setDominant(dominant) {
    if (dominant !== this.#dominant) {
      this.#dominant = dominant;
      this.emit('dominant', dominant);
    }
  }

  /** @param {ConnectionState} state */
  #setConnection(state) {
    if (state !== this.#connection) {
      this.#connection = state;
      this.emit('connectionState', state);
    }
  }

  #sendState() {
    if (this.#online) { // otherwise the next welcome shows the difference
      this.#session.send({ type: 'state', ...this.#voice.flags });
    }
  }
}
