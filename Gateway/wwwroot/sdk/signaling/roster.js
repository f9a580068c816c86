// @ts-check

/** @typedef {import('../types.js').Participant} Participant */
/** @typedef {import('../types.js').RosterChange} RosterChange */

/** Who is in the channel, kept in step with the server by sequence numbers. */
export class Roster {
  /** @type {Map<number, Participant>} */
  #members = new Map();
  #seq = 0;

  /** @returns {Participant[]} by number, which is the order in which they came */
  get participants() {
    return [...this.#members.values()].sort((a, b) => a.number - b.number);
  }

  /** @param {number} number */
  get(number) {
    return this.#members.get(number);
  }

  /** Another channel's numbers are other people. */
  clear() {
    this.#members.clear();
  }

  /**
   * Takes a whole snapshot.
   * @param {number} seq
   * @param {Participant[]} participants
   * @returns {RosterChange} what differs from what was known
   */
  replace(seq, participants) {
    const next = new Map(participants.map((member) => [member.number, member]));
    /** @type {RosterChange} */
    const change = {
      joined: participants.filter(({ number }) => !this.#members.has(number)),
      changed: participants.filter((member) => differs(this.#members.get(member.number), member)),
      left: [...this.#members.values()].filter(({ number }) => !next.has(number)).map((participant) => ({ number: participant.number, reason: 'left', participant })),
    };
    this.#members = next;
    this.#seq = seq;
    return change;
  }

  /**
   * @param {{ seq: number, joined?: Participant[], changed?: Participant[], left?: { number: number, reason: import('../types.js').LeaveReason }[] }} diff
   * @returns {RosterChange | 'missed' | 'known'} missed: ask for a snapshot; known: older than what we have
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
    const gone = [];
    for (const { number, reason } of left) {
      const participant = this.#members.get(number);
      if (participant) {
        this.#members.delete(number);
        gone.push({ number, reason, participant });
      }
    }
    for (const member of [...joined, ...changed]) {
      this.#members.set(member.number, member);
    }
    return { joined, changed, left: gone };
  }
}

/**
 * @param {Participant | undefined} before
 * @param {Participant} now
 */
function differs(before, now) {
  return before !== undefined && JSON.stringify(before) !== JSON.stringify(now);
}
