// @ts-check
import { SfuConnection } from './sfu-connection.js';

/** @typedef {import('../types.js').TransportContext} TransportContext */
/** @typedef {import('../types.js').Layout} Layout */

/**
 * Everyone connected to a media node: one layout of mode `sfu`. The node offers; a second offer replaces the first, unless it is an
 * ICE restart of it.
 */
export class Sfu {
  #context;
  #events;
  /** @type {SfuConnection | null} */
  #playing = null;
  /** Beside the one that plays, until it is connected. @type {SfuConnection | null} */
  #coming = null;
  #ready = false;
  #offerTimer;

  /**
   * @param {TransportContext} context
   * @param {Layout} layout
   * @param {import('../audio/audio-engine.js').AudioPath} path
   * @param {{ ready: () => void, failed: (peer?: number) => void }} events
   */
  constructor(context, layout, path, events) {
    this.#context = context;
    this.#events = events;
    this.layout = layout;
    this.path = path;
    /** Where the media node is. @type {string | null} */
    this.region = null;
    this.#offerTimer = setTimeout(() => events.failed(), context.connectTimeoutMs);
  }

  get ready() {
    return this.#ready;
  }

  reconcile() {
    // Who joins and leaves is the media node's business: the slots stay.
  }

  /**
   * @param {any} message
   * @returns {boolean} false: not for us yet, keep it
   */
  accept(message) {
    this.region = message.region ?? this.region;
    if (message.type === 'offer' && message.restart) {
      this.#restarted(message.sdp);
    } else if (message.type === 'offer') {
      this.#offered(message.sdp);
    } else if (message.type === 'candidate') {
      const connection = this.#coming ?? this.#playing;
      connection?.addCandidate(message.candidate).catch((error) => console.warn('hype-voice: unusable candidate:', error));
      return connection !== null;
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

  resumed() {
    // An answer that was lost with its socket leaves the connection without a peer: it fails, and the server offers again.
  }

  networkChanged() {
    // The node is ICE-lite: the browser finds the new way by itself with the candidates it has.
  }

  /** @returns {Map<number, number>} number → loudness, 0…1 */
  levels() {
    const levels = new Map();
    this.#connections.forEach((connection) => connection.addLevels(levels));
    return levels;
  }

  /** @returns {import('../types.js').Connection[]} */
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
  #offered(sdp) {
    clearTimeout(this.#offerTimer);
    this.#coming?.close();
    const { audio } = this.#context;
    const path = audio.createPath({ audible: this.#playing === null, into: this.path });
    const connection = new SfuConnection(this.#context, this.layout.epoch, path, {
      flowing: () => this.#connected(connection),
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
  #restarted(sdp) {
    const connection = this.#coming ?? this.#playing;
    if (connection) {
      void connection.restart(sdp);
    } else {
      this.#events.failed(); // there is nothing to restart: a new transport is needed
    }
  }

  /** @param {SfuConnection} connection */
  #connected(connection) {
    if (connection === this.#coming) {
      const old = this.#playing;
      this.#context.audio.crossFade(old?.path ?? null, connection.path);
      this.#playing = connection;
      this.#coming = null;
      setTimeout(() => old?.close(), 500);
    }
    this.#ready = true;
    this.#events.ready(); // for each connection: a second offer is a second transport
  }
}
