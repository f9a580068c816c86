// @ts-check
import { MeshPeer } from './mesh-peer.js';

/** @import { AudioPath } from '../audio/audio-path.js' */
/** @import { TransportMessage } from '../signaling/messages.js' */
/** @import { Connection, Layout } from '../types.js' */
/** @import { Transport, TransportContext, TransportEvents } from './transport.js' */

/**
 * Connections between every pair of participants: one layout of mode `p2p`.
 * @implements {Transport}
 */
export class Mesh {
  #context;
  #events;
  /** @type {Map<number, MeshPeer>} */
  #peers = new Map();
  #ready = false;
  /** No media node stands between the participants. */
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
  }

  get ready() {
    return this.#ready;
  }

  /** Follows the roster: connects to new participants, disconnects those that left, and applies moderators' mutes and volumes. */
  reconcile() {
    const others = new Map(this.#context.roster.others.map((participant) => [participant.number, participant]));
    for (const [number, peer] of this.#peers) {
      if (!others.has(number)) {
        this.#peers.delete(number);
        peer.close();
      }
    }
    for (const { number, sinceEpoch, serverMuted } of others.values()) {
      // A participant that joined while a later layout was being prepared is only in that one.
      if (sinceEpoch <= this.layout.epoch) {
        const peer = this.#peers.get(number) ?? this.#connect(number);
        // No server stands between the participants of a mesh, so each receiver applies a moderator's mute.
        peer.setVolume(!serverMuted, this.#context.volumes.gain(number));
      }
    }
    this.#checkReady();
  }

  /** @param {TransportMessage} message */
  accept(message) {
    if (message.type !== 'signal') {
      return true;
    }
    const peer = this.#peers.get(message.from);
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

  resumed() {
    this.#peers.forEach((peer) => peer.resend());
  }

  networkChanged() {
    this.#peers.forEach((peer) => peer.repair());
  }

  /** Replaces the ICE servers of all pairs: the old credentials expire, and a pair that must find another path needs the newest ones. */
  iceServersRenewed() {
    this.#peers.forEach((peer) => peer.configure());
  }

  /** @returns {Map<number, number>} */
  levels() {
    return new Map([...this.#peers].map(([number, peer]) => [number, peer.level()]));
  }

  /** @returns {Connection[]} */
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
      sending: () => this.#checkReady(),
      failed: () => this.#events.failed(number),
    });
    this.#peers.set(number, peer);
    return peer;
  }

  #checkReady() {
    if (!this.#ready && [...this.#peers.values()].every((peer) => peer.ready)) {
      this.#ready = true;
      this.#events.ready();
    }
  }
}
