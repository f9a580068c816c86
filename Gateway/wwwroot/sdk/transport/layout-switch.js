// @ts-check
import { Emitter } from '../emitter.js';
import { HeldMessages } from '../signaling/held-messages.js';
import { Mesh } from './mesh.js';
import { Sfu } from './sfu.js';

/** @import { Comparison } from '../audio/alignment.js' */
/** @import { TransportMessage } from '../signaling/messages.js' */
/** @import { Connection, Layout, LayoutState } from '../types.js' */
/** @import { Transport, TransportContext } from './transport.js' */

/**
 * The time from `commit` to the swap. The last participant to become ready has only just started to send, and a jitter buffer starts
 * almost empty and stretches its output until it holds its target: some 60 ms more within the first second (measured). A new path that
 * is swapped in before that is ahead of the old one, and words are lost; the old path, which every participant leaves open for
 * OLD_PATH_MS, plays on meanwhile.
 */
const SWAP_DELAY_MS = 1600;
/** A new path that is not connected by then is swapped in anyway: the other participants are about to close the old one. */
const SWAP_DEADLINE_MS = 2000;
/** The time from `commit` to the end of the old path. */
const OLD_PATH_MS = 2500;

/**
 * The client's side of prepare → ready → commit. At most one layout plays, and at most one is prepared beside it. The epoch identifies
 * each; a newer layout replaces the one that is being prepared.
 *
 * @extends {Emitter<{ mode: LayoutState, region: string | null }>}
 */
export class LayoutSwitch extends Emitter {
  #context;
  #held = new HeldMessages();
  /** @type {Transport | null} */
  #current = null;
  /** @type {Transport | null} */
  #next = null;
  /** The transports that were swapped out, still open for participants that swap a little later. @type {Set<Transport>} */
  #retiring = new Set();
  /** Other participants still play an earlier layout than the one in which this client joined. */
  #uncommitted = false;
  /** The region as last emitted. @type {string | null} */
  #region = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #swapTimer;
  /** @type {Comparison | undefined} */
  #comparison;

  /** @param {TransportContext} context */
  constructor(context) {
    super();
    this.#context = context;
  }

  /** @returns {LayoutState | null} */
  get state() {
    if (!this.#current) {
      return null;
    }
    const next = this.#next?.layout;
    return { ...this.#current.layout, switching: next !== undefined || this.#uncommitted, ...(next && { next }) };
  }

  /** The region of the media node that serves this client; null: none does. */
  get region() {
    return this.#current?.region ?? null;
  }

  /** @returns {Map<number, number>} number → loudness, 0…1 */
  get levels() {
    const levels = this.#current?.levels() ?? new Map();
    if ([...levels.values()].some((level) => level > 0)) {
      this.#context.audio.noteRemoteAudio();
    }
    return levels;
  }

  /** @returns {Connection[]} of all open layouts */
  connections() {
    return this.#open.flatMap((transport) => transport.connections());
  }

  /**
   * Starts a new session: none of the open transports belongs to it.
   * @param {{ layout: Layout, pending?: Layout }} welcome
   */
  start({ layout, pending }) {
    this.close();
    this.#uncommitted = pending !== undefined;
    this.#current = this.#build(pending ?? layout, true);
    this.#emitMode();
  }

  /**
   * Continues the same session on a new socket: catches up with missed messages.
   * @param {{ layout: Layout, pending?: Layout }} welcome
   */
  resume({ layout, pending }) {
    this.prepare(layout);
    this.commit(layout.epoch);
    if (pending) {
      this.prepare(pending);
    }
    for (const transport of this.#open) {
      transport.resumed?.();
      if (transport.ready) {
        this.#context.session.send({ type: 'ready', epoch: transport.layout.epoch });
      }
    }
  }

  /** @param {Layout} layout */
  prepare({ mode, epoch, reason }) {
    const layout = { mode, epoch, reason }; // the argument may be a whole message
    if (!this.#current || layout.epoch <= (this.#next ?? this.#current).layout.epoch) {
      return;
    }
    if (this.#uncommitted) {
      // The layout in which this client joined was abandoned before any participant played it, so it carries nothing to keep.
      this.#retire(this.#current, 0);
      this.#current = this.#build(layout, true);
    } else {
      if (this.#swapTimer !== undefined) {
        this.#swap();
      } else if (this.#next) {
        this.#retire(this.#next, 0);
      }
      this.#next = this.#build(layout, false);
    }
    this.#emitMode();
  }

  /** @param {number} epoch */
  commit(epoch) {
    if (epoch === this.#current?.layout.epoch && this.#uncommitted) {
      this.#uncommitted = false;
      this.#emitMode();
    } else if (epoch === this.#next?.layout.epoch && this.#swapTimer === undefined) {
      this.#comparison = this.#current ? this.#context.audio.compare(this.#current.path, this.#next.path) : undefined;
      this.#scheduleSwap(this.#next, SWAP_DELAY_MS);
    }
  }

  /** @param {TransportMessage} message */
  accept(message) {
    if (!this.#deliver(message)) {
      this.#held.hold(message);
    }
    this.#emitRegion();
  }

  /** Follows a change of the roster or of a volume. */
  reconcile() {
    this.#open.forEach((transport) => transport.reconcile?.());
    this.#deliverHeld();
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await Promise.all(this.#open.map((transport) => transport.setTrack(track)));
  }

  networkChanged() {
    this.#open.forEach((transport) => transport.networkChanged?.());
  }

  iceServersRenewed() {
    this.#open.forEach((transport) => transport.iceServersRenewed?.());
  }

  play() {
    this.#open.forEach((transport) => transport.play());
  }

  /** Follows a change of the speakers in the slots, or of their volumes. */
  followSpeakers() {
    this.#open.forEach((transport) => transport.followSpeakers?.());
  }

  close() {
    clearTimeout(this.#swapTimer);
    this.#swapTimer = undefined;
    this.#comparison?.close();
    this.#comparison = undefined;
    this.#open.forEach((transport) => transport.close());
    this.#retiring.clear();
    this.#current = this.#next = null;
    this.#held.clear();
  }

  get #open() {
    return [this.#current, this.#next, ...this.#retiring].filter((transport) => transport !== null);
  }

  /**
   * @param {Layout} layout
   * @param {boolean} audible
   * @returns {Transport}
   */
  #build(layout, audible) {
    const { epoch } = layout;
    const { audio, session } = this.#context;
    const path = audio.createPath({ audible });
    /** @type {Transport} */
    const transport = new (layout.mode === 'p2p' ? Mesh : Sfu)(this.#context, layout, path, {
      ready: () => session.send({ type: 'ready', epoch }),
      failed: (peer) => session.send({ type: 'failed', epoch, ...(peer !== undefined && { peer }) }),
    });
    // In a task of its own: by then the caller has assigned this layout to its field and applied the roster that came with it.
    queueMicrotask(() => {
      if (this.#open.includes(transport)) {
        transport.reconcile?.();
        this.#deliverHeld();
      }
    });
    return transport;
  }

  /**
   * @param {Transport} next
   * @param {number} elapsedMs since the commit, when the timer fires
   */
  #scheduleSwap(next, elapsedMs) {
    const step = elapsedMs === SWAP_DELAY_MS ? SWAP_DELAY_MS : 20;
    this.#swapTimer = setTimeout(() => {
      if (next.ready || elapsedMs >= SWAP_DEADLINE_MS) {
        this.#swap();
      } else {
        this.#scheduleSwap(next, elapsedMs + 20);
      }
    }, step);
  }

  #swap() {
    clearTimeout(this.#swapTimer);
    this.#swapTimer = undefined;
    const old = this.#current;
    const next = this.#next;
    if (!old || !next) {
      return;
    }
    this.#context.audio.crossFade(old.path, next.path, this.#comparison);
    this.#comparison = undefined;
    this.#current = next;
    this.#next = null;
    this.#retire(old, OLD_PATH_MS - SWAP_DELAY_MS);
    this.#emitMode();
  }

  /**
   * @param {Transport} transport
   * @param {number} afterMs
   */
  #retire(transport, afterMs) {
    if (afterMs === 0) {
      transport.close();
      return;
    }
    this.#retiring.add(transport);
    setTimeout(() => {
      if (this.#retiring.delete(transport)) {
        transport.close();
      }
    }, afterMs);
  }

  /**
   * @param {TransportMessage} message
   * @returns {boolean} false: it is too early
   */
  #deliver(message) {
    const transport = this.#open.find(({ layout }) => layout.epoch === message.epoch);
    return transport ? transport.accept(message) : message.epoch < (this.#current?.layout.epoch ?? 0);
  }

  #deliverHeld() {
    this.#held.retry((message) => this.#deliver(message), this.#current?.layout.epoch ?? 0);
    this.#emitRegion();
  }

  #emitRegion() {
    const { region } = this;
    if (region !== this.#region) {
      this.#region = region;
      this.emit('region', region);
    }
  }

  #emitMode() {
    this.emit('mode', /** @type {LayoutState} */ (this.state));
    this.#emitRegion();
  }
}
