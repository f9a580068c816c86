// @ts-check
import { AudioTicks } from '../audio/audio-ticks.js';

/** @import { Volumes } from '../audio/volumes.js' */
/** @import { LayoutSwitch } from './layout-switch.js' */

/** The interval between two looks at the speakers in the slots. */
const INTERVAL_SECONDS = 0.01;

/** Applies the listener's volumes to the speakers, whichever slots they are in: runs while any volume differs from the default. */
export class SlotFollower {
  #context;
  #volumes;
  #layouts;
  /** @type {AudioTicks | null} */
  #ticks = null;

  /**
   * @param {AudioContext} context
   * @param {Volumes} volumes
   * @param {LayoutSwitch} layouts
   */
  constructor(context, volumes, layouts) {
    this.#context = context;
    this.#volumes = volumes;
    this.#layouts = layouts;
  }

  /** Follows a change of the volumes. */
  update() {
    if (this.#volumes.untouched) {
      this.close();
    } else {
      this.#ticks ??= new AudioTicks(this.#context, INTERVAL_SECONDS, () => this.#layouts.followSpeakers());
    }
    this.#layouts.reconcile();
    this.#layouts.followSpeakers();
  }

  close() {
    this.#ticks?.close();
    this.#ticks = null;
  }
}
