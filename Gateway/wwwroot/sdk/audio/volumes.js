// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';

/** Twice as loud as it came (+6 dB): more would only distort. */
export const MOST_VOLUME = 2;
/** Identities that are remembered; who left long ago is forgotten first. */
const REMEMBERED = 1000;

/** @typedef {import('../types.js').MemberVolume} MemberVolume */

/** @type {MemberVolume} */
const AS_SENT = { volume: 1, silenced: false };

/**
 * How loud this listener wants each other member: 0…2, or not at all. Nobody else learns of it. It is kept by identity, so that who
 * leaves and comes back, with another number, is as loud as before.
 *
 * @extends {Emitter<{ changed: { number: number } & MemberVolume }>}
 */
export class Volumes extends Emitter {
  #member;
  /** @type {Map<string, MemberVolume>} identity → what differs from {@link AS_SENT} */
  #wanted = new Map();

  /** @param {(number: number) => import('../types.js').Participant | undefined} member */
  constructor(member) {
    super();
    this.#member = member;
  }

  /**
   * @param {number} number of a member
   * @returns {MemberVolume}
   */
  of(number) {
    const member = this.#member(number);
    return (member && this.#wanted.get(member.identity)) ?? AS_SENT;
  }

  /**
   * @param {number} number of a member
   * @param {number} volume 0…2; 1 is as it came
   */
  set(number, volume) {
    if (!(volume >= 0 && volume <= MOST_VOLUME)) {
      throw new VoiceError('badVolume', `A volume is a number from 0 to ${MOST_VOLUME}.`);
    }
    this.#change(number, { volume });
  }

  /**
   * For this listener alone; to mute a member for everyone is a moderator's.
   * @param {number} number of a member
   * @param {boolean} silenced the volume stays, for when he is heard again
   */
  silence(number, silenced) {
    this.#change(number, { silenced });
  }

  /**
   * @param {number} number
   * @returns {number} the gain of this member's voice
   */
  gain(number) {
    const { volume, silenced } = this.of(number);
    return silenced ? 0 : volume;
  }

  /** Everyone is heard as he came. */
  get untouched() {
    return this.#wanted.size === 0;
  }

  /** Somebody must not be heard at all. */
  get silencing() {
    return [...this.#wanted.values()].some(({ volume, silenced }) => silenced || volume === 0);
  }

  /**
   * @param {number} number
   * @param {Partial<MemberVolume>} change
   */
  #change(number, change) {
    const member = this.#member(number);
    if (!member) {
      throw new VoiceError('unknownParticipant', 'No participant with this number is in the channel.');
    }
    const wanted = { ...this.of(number), ...change };
    this.#wanted.delete(member.identity);
    if (wanted.volume !== AS_SENT.volume || wanted.silenced) {
      this.#wanted.set(member.identity, wanted);
    }
    if (this.#wanted.size > REMEMBERED) {
      this.#wanted.delete(/** @type {string} */ (this.#wanted.keys().next().value));
    }
    this.emit('changed', { number, ...wanted });
  }
}
