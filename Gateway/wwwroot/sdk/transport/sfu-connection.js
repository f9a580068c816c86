// @ts-check
import { alignPlayout, flowing, Freshness } from './connection.js';
import { SlotGate } from './slot-gate.js';

/** @typedef {import('../types.js').TransportContext} TransportContext */

/** A connection that is merely shaken comes back sooner than this; then the media node is taken for lost. */
const DISCONNECTED_PATIENCE_MS = 3000;
/**
 * While the server moves the endpoint it does what can be done by itself: a candidate, 1.5 s later a restart, 3 s after that a new
 * offer (docs/signaling.md). To report a failure meanwhile would only set it back.
 */
const MOVE_PATIENCE_MS = 6000;
/** Firefox takes a candidate that comes after the connection, and does not move to it. */
const FOLLOWS_LATE_CANDIDATES = !('mozGetUserMedia' in navigator);

/** One transport to a media node, built from one offer: the microphone on the first m-line, a slot on each of the others. */
export class SfuConnection {
  #context;
  #epoch;
  #events;
  /** @type {RTCRtpTransceiver | null} */
  #microphone = null;
  /** @type {RTCRtpReceiver[]} */
  #slots = [];
  /** @type {import('../audio/audio-engine.js').Voice[]} */
  #voices = [];
  /** @type {SlotGate[]} */
  #gates = [];
  /** @type {Promise<void>} descriptions are taken one after the other, candidates after the description that they belong to */
  #taken = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchTimer;
  /** `performance.now()` up to which the server may be moving us. */
  #movingUntil = 0;
  #closed = false;
  #failed = false;
  #fresh = new Freshness();

  /**
   * @param {TransportContext} context
   * @param {number} epoch
   * @param {import('../audio/audio-engine.js').AudioPath} path
   * @param {{ flowing: () => void, failed: () => void }} events flowing once; failed once for each time that it is lost
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
      const voice = path.attach(track);
      const gate = new SlotGate(receiver, voice);
      this.#slots.push(receiver);
      this.#voices.push(voice);
      this.#gates.push(gate);
      gate.follow(context.volumes, context.audio.context.currentTime);
    };
    this.#watch(context.connectTimeoutMs);
  }

  /** @param {string} sdp */
  accept(sdp) {
    return this.#negotiate(sdp, async () => {
      [this.#microphone] = this.pc.getTransceivers();
      this.#microphone.direction = 'sendonly';
      await this.#microphone.sender.replaceTrack(this.#context.track());
    });
  }

  /**
   * The media node is to be checked anew, with other credentials and perhaps elsewhere; media and its keys stay.
   * @param {string} sdp
   */
  restart(sdp) {
    this.#moving();
    return this.#negotiate(sdp);
  }

  /**
   * The endpoint is at another node now: the browser checks it and moves its media there by itself, or says that it cannot, and is
   * offered a restart.
   * @param {RTCIceCandidateInit} candidate one of perhaps several addresses of that node
   */
  addCandidate(candidate) {
    const isFirst = performance.now() >= this.#movingUntil;
    this.#moving();
    if (!FOLLOWS_LATE_CANDIDATES) {
      if (isFirst) {
        this.#events.failed();
      }
      return Promise.resolve();
    }
    return this.#inTurn(() => this.pc.addIceCandidate(candidate));
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await this.#microphone?.sender.replaceTrack(track);
  }

  play() {
    this.#voices.forEach((voice) => voice.play());
  }

  /** Gives each slot the volume that is wanted of the member in it. */
  followSpeakers() {
    const { volumes, audio } = this.#context;
    this.#gates.forEach((gate) => gate.follow(volumes, audio.context.currentTime));
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

  /**
   * @param {string} sdp
   * @param {() => Promise<void>} [prepare] between the offer and the answer
   */
  #negotiate(sdp, prepare) {
    return this.#inTurn(async () => {
      try {
        await this.pc.setRemoteDescription({ type: 'offer', sdp });
        await prepare?.();
        await this.pc.setLocalDescription();
      } catch (error) {
        if (!this.#closed) {
          console.warn('hype-voice: the offer of the media node could not be used:', error);
          this.#fail();
        }
        return;
      }
      // No candidates of ours are needed: the media node is ICE-lite and learns our address from the checks.
      this.#context.send({ type: 'answer', epoch: this.#epoch, sdp: this.pc.localDescription?.sdp });
    });
  }

  /**
   * @param {() => Promise<void>} action
   * @returns {Promise<void>} settles as the action does
   */
  #inTurn(action) {
    const done = this.#taken.then(action);
    this.#taken = done.catch(() => {}); // told to whoever asked for it; the next one is not concerned
    return done;
  }

  #moving() {
    this.#movingUntil = performance.now() + MOVE_PATIENCE_MS;
    if (this.ready && this.pc.connectionState !== 'connected') {
      this.#watch(0);
    }
  }

  async #stateChanged() {
    const state = this.pc.connectionState;
    if (state === 'connected') {
      clearTimeout(this.#watchTimer);
      this.#failed = false; // a restart may have brought back what was given up
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
      this.#watch(0);
    }
  }

  /** @param {number} patienceMs at least; longer while we are being moved */
  #watch(patienceMs) {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(() => this.#fail(), Math.max(patienceMs, this.#movingUntil - performance.now()));
  }

  #fail() {
    clearTimeout(this.#watchTimer);
    if (!this.#closed && !this.#failed) {
      this.#failed = true;
      this.#events.failed();
    }
  }
}
