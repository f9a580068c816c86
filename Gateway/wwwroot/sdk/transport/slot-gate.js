// @ts-check

/** Without a packet for this long nobody is in the slot, and whoever comes next is not known yet. */
const STALE_SECONDS = 0.1;
/** While somebody is silenced the slots play this much later than their packets are looked at: a busy page looks late. */
const LOOK_AHEAD_SECONDS = 0.03;
/**
 * A slot has one decoder, and it blends what it last said into the first frame of whoever comes next: 33 dB below a silenced member's
 * voice, measured. The gate opens when that is over.
 */
const TRACE_SECONDS = LOOK_AHEAD_SECONDS + 0.03;

/**
 * The gain of one slot. A slot is nobody's: who is in it stands in its packets (CSRC), so the gain follows them. While somebody is
 * silenced, a slot of which nobody knows who is in it stays closed: it opens for a member, never for a surprise.
 */
export class SlotGate {
  #receiver;
  #voice;
  /** @type {number | null} the member in the slot */
  #speaker = null;
  #rtpTimestamp = -1;
  #seenAt = 0;
  /** Before this moment there is a trace of a silenced member in the slot. */
  #openAt = 0;

  /**
   * @param {RTCRtpReceiver} receiver
   * @param {import('../audio/audio-engine.js').Voice} voice
   */
  constructor(receiver, voice) {
    this.#receiver = receiver;
    this.#voice = voice;
  }

  /**
   * @param {import('../audio/volumes.js').Volumes} volumes
   * @param {number} now seconds
   */
  follow(volumes, now) {
    this.#voice.lookAhead(volumes.silencing ? LOOK_AHEAD_SECONDS : 0);
    if (volumes.untouched) {
      this.#voice.setGain(1);
      return;
    }
    this.#look(volumes, now);
    const known = this.#speaker !== null && now - this.#seenAt < STALE_SECONDS;
    if (known) {
      this.#voice.setGain(now < this.#openAt ? 0 : volumes.gain(/** @type {number} */ (this.#speaker)));
    } else if (volumes.silencing) {
      this.#voice.setGain(0);
    }
  }

  /**
   * @param {import('../audio/volumes.js').Volumes} volumes
   * @param {number} now
   */
  #look(volumes, now) {
    // Those of the last ten seconds; the newest is the one that plays.
    const [newest] = this.#receiver.getContributingSources().sort((a, b) => b.timestamp - a.timestamp);
    if (newest && newest.rtpTimestamp !== this.#rtpTimestamp) {
      if (this.#speaker !== null && newest.source !== this.#speaker && volumes.gain(this.#speaker) === 0) {
        this.#openAt = now + TRACE_SECONDS;
      }
      this.#rtpTimestamp = newest.rtpTimestamp;
      this.#speaker = newest.source;
      this.#seenAt = now;
    }
  }
}
