// @ts-check
import { Emitter } from '../emitter.js';
import { HeldMessages } from '../signaling/held-messages.js';
import { Mesh } from './mesh.js';
import { Sfu } from './sfu.js';

/** @typedef {import('../types.js').Layout} Layout */
/** @typedef {import('../types.js').LayoutState} LayoutState */
/** @typedef {import('../types.js').TransportContext} TransportContext */
/** @typedef {Mesh | Sfu} Transport */

/**
 * From `commit` to the swap. The last member to be ready has only just begun to send, and a jitter buffer begins almost empty and
 * stretches what it plays until it holds its target: some 60 ms more within the first second (measured). Swapped in before that,
 * the new path is ahead of the old one and words are lost; the old path, which everyone keeps open for OLD_PATH_MS, plays on meanwhile.
 */
const SETTLE_MS = 1600;
/** A new path that is not connected by then is swapped in all the same: the others are about to close the old one. */
const LAST_CALL_MS = 2000;
/** From `commit` to the end of the old path. */
const OLD_PATH_MS = 2500;

/**
 * Prepare → ready → commit, on the client's side: at most one layout plays, at most one is built beside it, and everything is
 * keyed by epoch. Whatever is newer replaces what is being built.
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
  /** @type {Set<Transport>} swapped out, still open for those who swap a little later */
  #leaving = new Set();
  /** Somebody else is still on an earlier layout than the one we joined in. */
  #uncommitted = false;
  /** As told last. @type {string | null} */
  #region = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #swapTimer;
  /** @type {import('../audio/alignment.js').Comparison | undefined} */
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

  /** Where the media node is that serves us; null: there is none. */
  get region() {
    return this.#current?.region ?? null;
  }

  get levels() {
    const levels = this.#current?.levels() ?? new Map();
    if ([...levels.values()].some((level) => level > 0)) {
      this.#context.audio.heard();
    }
    return levels;
  }

  /** @returns {import('../types.js').Connection[]} of all layouts that are open */
  connections() {
    return this.#open.flatMap((transport) => transport.connections());
  }

  /**
   * A new session: nothing that was open belongs to it.
   * @param {{ layout: Layout, pending?: Layout }} welcome
   */
  start({ layout, pending }) {
    this.close();
    this.#uncommitted = pending !== undefined;
    this.#current = this.#build(pending ?? layout, true);
    this.#changed();
  }

  /**
   * The same session on a new socket: catch up with what was missed.
   * @param {{ layout: Layout, pending?: Layout }} welcome
   */
  resume({ layout, pending }) {
    this.prepare(layout);
    this.commit(layout.epoch);
    if (pending) {
      this.prepare(pending);
    }
    for (const transport of this.#open) {
      transport.resumed();
      if (transport.ready) {
        this.#context.send({ type: 'ready', epoch: transport.layout.epoch });
      }
    }
  }

  /** @param {Layout} layout */
  prepare({ mode, epoch, reason }) {
    const layout = { mode, epoch, reason }; // what came may be a whole message
    if (!this.#current || layout.epoch <= (this.#next ?? this.#current).layout.epoch) {
      return;
    }
    if (this.#uncommitted) {
      // The layout we joined in was given up before anybody played it: there is nothing in it to keep playing.
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
    this.#changed();
  }

  /** @param {number} epoch */
  commit(epoch) {
    if (epoch === this.#current?.layout.epoch && this.#uncommitted) {
      this.#uncommitted = false;
      this.#changed();
    } else if (epoch === this.#next?.layout.epoch && this.#swapTimer === undefined) {
      this.#comparison = this.#current ? this.#context.audio.compare(this.#current.path, this.#next.path) : undefined;
      this.#settle(this.#next, SETTLE_MS);
    }
  }

  /** @param {any} message `signal`, `offer` or `candidate` */
  accept(message) {
    if (!this.#deliver(message)) {
      this.#held.hold(message);
    }
    this.#tellRegion();
  }

  /** The roster changed. */
  reconcile() {
    this.#open.forEach((transport) => transport.reconcile());
    this.#replay();
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await Promise.all(this.#open.map((transport) => transport.setTrack(track)));
  }

  networkChanged() {
    this.#open.forEach((transport) => transport.networkChanged());
  }

  play() {
    this.#open.forEach((transport) => transport.play());
  }

  /** Who is in which slot may have changed, or how loud he is wanted. */
  followSpeakers() {
    this.#open.forEach((transport) => transport.followSpeakers());
  }

  close() {
    clearTimeout(this.#swapTimer);
    this.#swapTimer = undefined;
    this.#comparison?.close();
    this.#comparison = undefined;
    this.#open.forEach((transport) => transport.close());
    this.#leaving.clear();
    this.#current = this.#next = null;
    this.#held.clear();
  }

  get #open() {
    return [this.#current, this.#next, ...this.#leaving].filter((transport) => transport !== null);
  }

  /**
   * @param {Layout} layout
   * @param {boolean} audible
   */
  #build(layout, audible) {
    const { epoch } = layout;
    const path = this.#context.audio.createPath({ audible });
    const transport = new (layout.mode === 'p2p' ? Mesh : Sfu)(this.#context, layout, path, {
      ready: () => this.#context.send({ type: 'ready', epoch }),
      failed: (peer) => this.#context.send({ type: 'failed', epoch, ...(peer !== undefined && { peer }) }),
    });
    // In a task of its own, when this layout is in its field and the roster that came with it has been taken.
    queueMicrotask(() => {
      if (this.#open.includes(transport)) {
        transport.reconcile();
        this.#replay();
      }
    });
    return transport;
  }

  /**
   * @param {Transport} next
   * @param {number} elapsedMs since the commit, when the timer fires
   */
  #settle(next, elapsedMs) {
    const step = elapsedMs === SETTLE_MS ? SETTLE_MS : 20;
    this.#swapTimer = setTimeout(() => {
      if (next.ready || elapsedMs >= LAST_CALL_MS) {
        this.#swap();
      } else {
        this.#settle(next, elapsedMs + 20);
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
    this.#retire(old, OLD_PATH_MS - SETTLE_MS);
    this.#changed();
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
    this.#leaving.add(transport);
    setTimeout(() => {
      if (this.#leaving.delete(transport)) {
        transport.close();
      }
    }, afterMs);
  }

  /** @param {any} message */
  #deliver(message) {
    const transport = this.#open.find(({ layout }) => layout.epoch === message.epoch);
    return transport ? transport.accept(message) : message.epoch < (this.#current?.layout.epoch ?? 0);
  }

  #replay() {
    this.#held.retry((message) => this.#deliver(message), this.#current?.layout.epoch ?? 0);
    this.#tellRegion();
  }

  #tellRegion() {
    const { region } = this;
    if (region !== this.#region) {
      this.#region = region;
      this.emit('region', region);
    }
  }

  #changed() {
    this.emit('mode', /** @type {LayoutState} */ (this.state));
    this.#tellRegion();
  }
}
