// @ts-check

/** @import { LeaveReason, Participant, RosterChange } from '../types.js' */

/** The participants of the channel, synchronised with the server by sequence numbers. */
export class Roster {
  /** @type {Map<number, Participant>} */
  #participants = new Map();
  #seq = 0;
  /** Your own number; 0 before the first welcome. */
  self = 0;

  /** @returns {Participant[]} by number, which is the order of joining */
  get participants() {
    return [...this.#participants.values()].sort((a, b) => a.number - b.number);
  }

  /** All participants but yourself. */
  get others() {
    return this.participants.filter(({ number }) => number !== this.self);
  }

  /** @param {number} number */
  get(number) {
    return this.#participants.get(number);
  }

  /** Removes all participants: in another channel the same numbers belong to other people. */
  clear() {
    this.#participants.clear();
  }

  /**
   * Applies a whole snapshot.
   * @param {number} seq
   * @param {Participant[]} participants
   * @returns {RosterChange} the differences from the known roster
   */
  replace(seq, participants) {
    const next = new Map(participants.map((participant) => [participant.number, participant]));
    /** @type {RosterChange} */
    const change = {
      joined: participants.filter(({ number }) => !this.#participants.has(number)),
      changed: participants.filter((participant) => differs(this.#participants.get(participant.number), participant)),
      left: [...this.#participants.values()].filter(({ number }) => !next.has(number))
        .map((participant) => ({ number: participant.number, reason: 'left', participant })),
    };
    this.#participants = next;
    this.#seq = seq;
    return change;
  }

  /**
   * Applies the changes from one sequence number to the next.
   * @param {{ seq: number, joined?: Participant[], changed?: Participant[], left?: { number: number, reason: LeaveReason }[] }} diff
   * @returns {RosterChange | 'missed' | 'known'} missed: request a snapshot; known: older than the present state
   */
  apply({ seq, joined = [], changed = [], left = [] }) {
    if (seq <= this.#seq) {
      return 'known';
    }
    if (seq !== this.#seq + 1) {
      return 'missed';
    }
    this.#seq = seq;
    /** @type {RosterChange['left']} */
    const removed = [];
    for (const { number, reason } of left) {
      const participant = this.#participants.get(number);
      if (participant) {
        this.#participants.delete(number);
        removed.push({ number, reason, participant });
      }
    }
    for (const participant of [...joined, ...changed]) {
      this.#participants.set(participant.number, participant);
    }
    return { joined, changed, left: removed };
  }
}

/**
 * @param {Participant | undefined} before
 * @param {Participant} now
 */
function differs(before, now) {
  return before !== undefined && JSON.stringify(before) !== JSON.stringify(now);
}
