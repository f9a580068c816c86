// @ts-check
import { alignPlayout, flowing, Freshness } from './connection.js';

/** @typedef {import('./types.js').TransportContext} TransportContext */

/** A connection that is merely shaken comes back sooner than this; then the media node is taken for lost. */
const DISCONNECTED_PATIENCE_MS = 3000;

/** One transport to a media node, built from one offer: the microphone on the first m-line, a slot on each of the others. */
export class SfuConnection {
  #context;
  #epoch;
  #events;
  /** @type {RTCRtpTransceiver | null} */
  #microphone = null;
  /** @type {RTCRtpReceiver[]} */
  #slots = [];
  /** @type {import('./audio.js').Voice[]} */
  #voices = [];
  /** @type {RTCIceCandidateInit[]} candidates that overtook the offer's being taken */
  #early = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchTimer;
  #closed = false;
  #failed = false;
  #fresh = new Freshness();

  /**
   * @param {TransportContext} context
   * @param {number} epoch
   * @param {import('./audio.js').AudioPath} path
   * @param {{ flowing: () => void, failed: () => void }} events each at most once
   */
  constructor(context, epoch, path, events) {
    this.#context = context;
    this.#epoch = epoch;
    this.#events = events;
    this.path = path;
    /** Connected, and packets have left. */
    this.ready = false;
    this.pc = new RTCPeerConnection({ ...context.configuration({ mode: 'sfu', epoch, peer: null }), bundlePolicy: 'max-bundle' });
    this.pc.onconnectionstatechange = () => this.#stateChanged();
    this.pc.ontrack = ({ track, receiver }) => {
      alignPlayout(receiver, context.jitterBufferTargetMs);
      this.#slots.push(receiver);
      this.#voices.push(path.attach(track));
    };
    this.#watch(context.connectTimeoutMs);
  }

  /** @param {string} sdp */
  async accept(sdp) {
    try {
      await this.pc.setRemoteDescription({ type: 'offer', sdp });
      [this.#microphone] = this.pc.getTransceivers();
      this.#microphone.direction = 'sendonly';
      await this.#microphone.sender.replaceTrack(this.#context.track());
      await this.pc.setLocalDescription();
      for (const candidate of this.#early.splice(0)) {
        await this.pc.addIceCandidate(candidate);
      }
    } catch (error) {
      if (!this.#closed) {
        console.warn('hype-voice: the offer of the media node could not be used:', error);
        this.#fail();
      }
      return;
    }
    // No candidates of ours are needed: the media node is ICE-lite and learns our address from the checks.
    this.#context.send({ type: 'answer', epoch: this.#epoch, sdp: this.pc.localDescription?.sdp });
  }

  /** @param {RTCIceCandidateInit} candidate */
  async addCandidate(candidate) {
    if (!this.pc.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    await this.pc.addIceCandidate(candidate);
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await this.#microphone?.sender.replaceTrack(track);
  }

  play() {
    this.#voices.forEach((voice) => voice.play());
  }

  /**
   * Who sounds in which slot is in the packets: the CSRC is the member's number, the level is the RFC 6464 one.
   * @param {Map<number, number>} levels number → loudness, 0…1; added to
   */
  addLevels(levels) {
    this.#slots.forEach((slot, index) => {
      for (const { source, rtpTimestamp, audioLevel } of slot.getContributingSources()) {
        if (this.#fresh.isNew(`${index}/${source}`, rtpTimestamp)) {
          levels.set(source, Math.max(levels.get(source) ?? 0, audioLevel ?? 0));
        }
      }
    });
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#watchTimer);
    this.pc.close();
    this.path.close();
  }

  async #stateChanged() {
    const state = this.pc.connectionState;
    if (state === 'connected') {
      clearTimeout(this.#watchTimer);
      if (!this.ready && this.#microphone) {
        await flowing(this.#microphone.sender, () => this.#closed);
        if (!this.#closed) {
          this.ready = true;
          this.#events.flowing();
        }
      }
    } else if (state === 'disconnected') {
      this.#watch(DISCONNECTED_PATIENCE_MS);
    } else if (state === 'failed') {
      this.#fail();
    }
  }

  /** @param {number} patienceMs */
  #watch(patienceMs) {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(() => this.#fail(), patienceMs);
  }

  #fail() {
    clearTimeout(this.#watchTimer);
    if (!this.#closed && !this.#failed) {
      this.#failed = true;
      this.#events.failed();
    }
  }
}
