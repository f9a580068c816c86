// @ts-check
import { MeshPeer } from './mesh-peer.js';

/** @typedef {import('../types.js').TransportContext} TransportContext */
/** @typedef {import('../types.js').Layout} Layout */

/** Every member connected to every other: one layout of mode `p2p`. */
export class Mesh {
  #context;
  #events;
  /** @type {Map<number, MeshPeer>} */
  #peers = new Map();
  #ready = false;

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
    /** Nobody stands between the members. */
    this.region = null;
  }

  get ready() {
    return this.#ready;
  }

  /** Follows the roster: connects to who is new, lets go of who left, keeps the moderators' mutes. */
  reconcile() {
    const members = new Map(this.#context.others().map((member) => [member.number, member]));
    for (const [number, peer] of this.#peers) {
      if (!members.has(number)) {
        this.#peers.delete(number);
        peer.close();
      }
    }
    for (const member of members.values()) {
      // Who came while a later layout was being prepared is only in that one.
      if (member.sinceEpoch <= this.layout.epoch) {
        const peer = this.#peers.get(member.number) ?? this.#connect(member.number);
        // No server stands between the members of a mesh: each receiver keeps a moderator's mute.
        peer.setVolume(!member.serverMuted, this.#context.volumes.gain(member.number));
      }
    }
    this.#check();
  }

  /**
   * @param {any} message
   * @returns {boolean} false: not for us yet, keep it
   */
  accept(message) {
    const peer = this.#peers.get(message.from);
    if (message.type !== 'signal') {
      return true;
    }
    peer?.accept(message);
    return peer !== undefined;
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await Promise.all([...this.#peers.values()].map((peer) => peer.setTrack(track)));
  }

  play() {
    this.#peers.forEach((peer) => peer.play());
  }

  followSpeakers() {
    // Each member has a connection of his own, whose volume is set when it is wanted.
  }

  resumed() {
    this.#peers.forEach((peer) => peer.resend());
  }

  networkChanged() {
    this.#peers.forEach((peer) => peer.repair());
  }

  /** @returns {Map<number, number>} number → loudness, 0…1 */
  levels() {
    return new Map([...this.#peers].map(([number, peer]) => [number, peer.level()]));
  }

  /** @returns {import('../types.js').Connection[]} */
  connections() {
    return [...this.#peers].map(([peer, { pc }]) => ({ pc, mode: 'p2p', epoch: this.layout.epoch, peer, region: null }));
  }

  close() {
    this.#peers.forEach((peer) => peer.close());
    this.#peers.clear();
    this.path.close();
  }

  /** @param {number} number */
  #connect(number) {
    const peer = new MeshPeer(this.#context, this.layout.epoch, number, this.path, {
      flowing: () => this.#check(),
      failed: () => this.#events.failed(number),
    });
    this.#peers.set(number, peer);
    return peer;
  }

  #check() {
    if (!this.#ready && [...this.#peers.values()].every((peer) => peer.ready)) {
      this.#ready = true;
      this.#events.ready();
    }
  }
}
