// @ts-check

/** @import { Voice } from '../audio/voice.js' */
/** @import { Volumes } from '../audio/volumes.js' */

/** After this time without a packet a slot has no speaker, and the next speaker is not known yet. */
const STALE_SECONDS = 0.1;
/** While a participant is silenced, the slots play this much later than their packets are examined: a busy page examines them late. */
const LOOK_AHEAD_SECONDS = 0.03;
/**
 * A slot has one decoder, which blends the end of one speaker into the first frame of the next: 33 dB below a silenced participant's
 * voice, measured. The gate opens when that is over.
 */
const TRACE_SECONDS = LOOK_AHEAD_SECONDS + 0.03;

/**
 * The gain of one slot. A slot belongs to no participant: its packets name the speaker (CSRC), and the gain follows them. While any
 * participant is silenced, a slot with an unknown speaker stays closed.
 */
export class SlotGate {
  #receiver;
  #voice;
  /** The participant in the slot. @type {number | null} */
  #speaker = null;
  #rtpTimestamp = -1;
  #seenAt = 0;
  /** The slot contains a trace of a silenced participant until this moment. */
  #openAt = 0;

  /**
   * @param {RTCRtpReceiver} receiver
   * @param {Voice} voice
   */
  constructor(receiver, voice) {
    this.#receiver = receiver;
    this.#voice = voice;
  }

  /**
   * @param {Volumes} volumes
   * @param {number} now seconds
   */
  follow(volumes, now) {
    this.#voice.lookAhead(volumes.silencing ? LOOK_AHEAD_SECONDS : 0);
    if (volumes.untouched) {
      this.#voice.setGain(1);
      return;
    }
    this.#findSpeaker(volumes, now);
    if (this.#speaker !== null && now - this.#seenAt < STALE_SECONDS) {
      this.#voice.setGain(now < this.#openAt ? 0 : volumes.gain(this.#speaker));
    } else if (volumes.silencing) {
      this.#voice.setGain(0);
    }
  }

  /**
   * @param {Volumes} volumes
   * @param {number} now
   */
  #findSpeaker(volumes, now) {
    // The sources of the last ten seconds; the newest is the one that plays.
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
