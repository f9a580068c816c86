// @ts-check
import { AudioTicks } from '../audio/audio-ticks.js';

/** How often to look who is in which slot. */
const LOOK_SECONDS = 0.01;

/** Keeps every voice as loud as this listener wants it, whichever slot it comes in: looks again and again while any volume is not the usual one. */
export class SlotFollower {
  #context;
  #volumes;
  #layouts;
  /** @type {AudioTicks | null} */
  #ticks = null;

  /**
   * @param {AudioContext} context
   * @param {import('../audio/volumes.js').Volumes} volumes
   * @param {import('./layout-switch.js').LayoutSwitch} layouts
   */
  constructor(context, volumes, layouts) {
    this.#context = context;
    this.#volumes = volumes;
    this.#layouts = layouts;
  }

  /** Another volume is wanted. */
  update() {
    if (this.#volumes.untouched) {
      this.close();
    } else {
      this.#ticks ??= new AudioTicks(this.#context, LOOK_SECONDS, () => this.#layouts.followSpeakers());
    }
    this.#layouts.reconcile();
    this.#layouts.followSpeakers();
  }

  close() {
    this.#ticks?.close();
    this.#ticks = null;
  }
}
