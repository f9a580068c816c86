// @ts-check
import { SfuConnection } from './sfu-connection.js';

/** @import { AudioPath } from '../audio/audio-path.js' */
/** @import { TransportMessage } from '../signaling/messages.js' */
/** @import { Connection, Layout } from '../types.js' */
/** @import { Transport, TransportContext, TransportEvents } from './transport.js' */

/** The time after a second connection took over in which the first one stays open. */
const OLD_CONNECTION_MS = 500;

/**
 * The connection to a media node: one layout of mode `sfu`. The node offers; a second offer replaces the first, unless it is an ICE
 * restart of it. The slots stay the same when participants join and leave, so it needs no `reconcile`. It needs no `resumed`: an answer
 * that is lost with its socket leaves the connection without a peer, which fails, and the server offers again. It needs no
 * `networkChanged`: the node is ICE-lite, and the browser finds the new path with the candidates it has.
 * @implements {Transport}
 */
export class Sfu {
  #context;
  #events;
  /** @type {SfuConnection | null} */
  #playing = null;
  /** The connection beside the one that plays, until it is connected. @type {SfuConnection | null} */
  #coming = null;
  #ready = false;
  #offerTimer;
  /** @type {string | null} */
  region = null;

  /**
   * @param {TransportContext} context
   * @param {Layout} layout
   * @param {AudioPath} path
   * @param {TransportEvents} events
   */
  constructor(context, layout, path, events) {
    this.#context = context;
    this.#events = events;
    this.layout = layout;
    this.path = path;
    this.#offerTimer = setTimeout(() => events.failed(), context.connectTimeoutMs);
  }

  get ready() {
    return this.#ready;
  }

  /** @param {TransportMessage} message */
  accept(message) {
    if (message.type === 'signal') {
      return true;
    }
    this.region = message.region ?? this.region;
    if (message.type === 'candidate') {
      const connection = this.#coming ?? this.#playing;
      connection?.addCandidate(message.candidate).catch((error) => console.warn('hype-voice: unusable candidate:', error));
      return connection !== null;
    }
    if (message.restart) {
      this.#restart(message.sdp);
    } else {
      this.#connect(message.sdp);
    }
    return true;
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await Promise.all(this.#connections.map((connection) => connection.setTrack(track)));
  }

  play() {
    this.#connections.forEach((connection) => connection.play());
  }

  followSpeakers() {
    this.#connections.forEach((connection) => connection.followSpeakers());
  }

  /** @returns {Map<number, number>} */
  levels() {
    const levels = new Map();
    this.#connections.forEach((connection) => connection.addLevels(levels));
    return levels;
  }

  /** @returns {Connection[]} */
  connections() {
    return this.#connections.map(({ pc }) => ({ pc, mode: 'sfu', epoch: this.layout.epoch, peer: null, region: this.region }));
  }

  close() {
    clearTimeout(this.#offerTimer);
    this.#connections.forEach((connection) => connection.close());
    this.#playing = this.#coming = null;
    this.path.close();
  }

  get #connections() {
    return [this.#playing, this.#coming].filter((connection) => connection !== null);
  }

  /** @param {string} sdp */
  #connect(sdp) {
    clearTimeout(this.#offerTimer);
    this.#coming?.close();
    const { audio } = this.#context;
    const path = audio.createPath({ audible: this.#playing === null, into: this.path });
    const connection = new SfuConnection(this.#context, this.layout.epoch, path, {
      sending: () => this.#connected(connection),
      failed: () => this.#events.failed(),
    });
    if (this.#playing) {
      this.#coming = connection;
    } else {
      this.#playing = connection;
    }
    void connection.accept(sdp);
  }

  /** @param {string} sdp */
  #restart(sdp) {
    const connection = this.#coming ?? this.#playing;
    if (connection) {
      void connection.restart(sdp);
    } else {
      this.#events.failed(); // there is no connection to restart: a new transport is needed
    }
  }

  /** @param {SfuConnection} connection */
  #connected(connection) {
    if (connection === this.#coming) {
      const old = this.#playing;
      this.#context.audio.crossFade(old?.path ?? null, connection.path);
      this.#playing = connection;
      this.#coming = null;
      setTimeout(() => old?.close(), OLD_CONNECTION_MS);
    }
    this.#ready = true;
    this.#events.ready(); // for each connection: a second offer is a second transport
  }
}
