// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/** @import { Roster } from '../signaling/roster.js' */
/** @import { ParticipantVolume } from '../types.js' */

/** Twice as loud as sent (+6 dB): a higher volume would only distort. */
const MOST_VOLUME = 2;
/** The number of identities whose volume is stored; beyond it, the oldest entry is dropped. */
const MOST_IDENTITIES = 1000;

/** @type {ParticipantVolume} */
const AS_SENT = { volume: 1, silenced: false };

/**
 * This listener's volume of each other participant: 0…2, or silenced. It stays in this client. It is stored by identity, so that a
 * participant that leaves and returns with another number keeps its volume.
 *
 * @extends {Emitter<{ changed: { number: number } & ParticipantVolume }>}
 */
export class Volumes extends Emitter {
  #roster;
  /** @type {Map<string, ParticipantVolume>} identity → the values that differ from {@link AS_SENT} */
  #byIdentity = new Map();

  /**
   * @internal
   * @param {Roster} roster
   */
  constructor(roster) {
    super();
    this.#roster = roster;
  }

  /**
   * @param {number} number of a participant
   * @returns {ParticipantVolume}
   */
  of(number) {
    const participant = this.#roster.get(number);
    return (participant && this.#byIdentity.get(participant.identity)) ?? AS_SENT;
  }

  /**
   * @param {number} number of a participant
   * @param {number} volume 0…2; 1 is as loud as sent
   */
  set(number, volume) {
    if (!(volume >= 0 && volume <= MOST_VOLUME)) {
      throw new VoiceError('badVolume', `A volume is a number from 0 to ${MOST_VOLUME}.`);
    }
    this.#change(number, { volume });
  }

  /**
   * Mutes a participant for this listener alone; only a moderator can mute it for everyone.
   * @param {number} number of a participant
   * @param {boolean} silenced the volume stays stored meanwhile
   */
  silence(number, silenced) {
    this.#change(number, { silenced });
  }

  /**
   * @internal
   * @param {number} number
   * @returns {number} the gain of this participant's voice
   */
  gain(number) {
    const { volume, silenced } = this.of(number);
    return silenced ? 0 : volume;
  }

  /**
   * True when every participant is as loud as sent.
   * @internal
   */
  get untouched() {
    return this.#byIdentity.size === 0;
  }

  /**
   * True when at least one participant is silenced or has the volume 0.
   * @internal
   */
  get silencing() {
    return [...this.#byIdentity.values()].some(({ volume, silenced }) => silenced || volume === 0);
  }

  /**
   * @param {number} number
   * @param {Partial<ParticipantVolume>} change
   */
  #change(number, change) {
    const participant = this.#roster.get(number);
    if (!participant) {
      throw new VoiceError('unknownParticipant', 'No participant with this number is in the channel.');
    }
    const changed = { ...this.of(number), ...change };
    this.#byIdentity.delete(participant.identity);
    if (changed.volume !== AS_SENT.volume || changed.silenced) {
      this.#byIdentity.set(participant.identity, changed);
    }
    if (this.#byIdentity.size > MOST_IDENTITIES) {
      this.#byIdentity.delete(/** @type {string} */ (this.#byIdentity.keys().next().value));
    }
    this.emit('changed', { number, ...changed });
  }
}
