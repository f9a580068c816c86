// @ts-check
import { alignPlayout, Freshness, untilSending } from './connection.js';
import { SlotGate } from './slot-gate.js';

/** @import { AudioPath } from '../audio/audio-path.js' */
/** @import { Voice } from '../audio/voice.js' */
/** @import { ConnectionEvents } from './connection.js' */
/** @import { TransportContext } from './transport.js' */

/** A connection that is only disturbed recovers sooner than this; after it the media node counts as lost. */
const DISCONNECTED_TIMEOUT_MS = 3000;
/**
 * While the server moves the endpoint, it takes each next step itself: a candidate, 1.5 s later a restart, 3 s after that a new offer
 * (docs/signaling.md). A failure report meanwhile would only delay it.
 */
const MOVE_TIMEOUT_MS = 6000;
/** True when the browser moves its media to a candidate that arrives after connecting; Firefox only accepts such a candidate. */
const FOLLOWS_LATE_CANDIDATES = !('mozGetUserMedia' in navigator);

/** One connection to a media node, built from one offer: the microphone on the first m-line, a slot on each of the others. */
export class SfuConnection {
  #context;
  #epoch;
  #events;
  /** @type {RTCRtpTransceiver | null} */
  #microphone = null;
  /** @type {RTCRtpReceiver[]} */
  #slots = [];
  /** @type {Voice[]} */
  #voices = [];
  /** @type {SlotGate[]} */
  #gates = [];
  /** Descriptions are applied one after another, candidates after the description that they belong to. @type {Promise<void>} */
  #chain = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The `performance.now()` until which the server may be moving the endpoint. */
  #movingUntil = 0;
  #closed = false;
  #failed = false;
  #fresh = new Freshness();

  /**
   * @param {TransportContext} context
   * @param {number} epoch
   * @param {AudioPath} path
   * @param {ConnectionEvents} events
   */
  constructor(context, epoch, path, events) {
    this.#context = context;
    this.#epoch = epoch;
    this.#events = events;
    this.path = path;
    /** True when the connection is made and packets have left. */
    this.ready = false;
    this.pc = new RTCPeerConnection({ ...context.ice.for({ mode: 'sfu', epoch, peer: null }), bundlePolicy: 'max-bundle' });
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
    this.#startTimeout(context.connectTimeoutMs);
  }

  /** @param {string} sdp */
  accept(sdp) {
    return this.#negotiate(sdp, async () => {
      [this.#microphone] = this.pc.getTransceivers();
      this.#microphone.direction = 'sendonly';
      await this.#microphone.sender.replaceTrack(this.#context.microphone.published);
    });
  }

  /**
   * Checks the media node again, with other credentials and perhaps at another address; media and its keys stay.
   * @param {string} sdp
   */
  restart(sdp) {
    this.#extendTimeout();
    return this.#negotiate(sdp);
  }

  /**
   * The endpoint is at another node now. The browser checks that node and moves its media there by itself; a browser that cannot do so
   * reports it, and receives a restart.
   * @param {RTCIceCandidateInit} candidate one of the addresses of that node
   */
  addCandidate(candidate) {
    const isFirst = performance.now() >= this.#movingUntil;
    this.#extendTimeout();
    if (!FOLLOWS_LATE_CANDIDATES) {
      if (isFirst) {
        this.#events.failed();
      }
      return Promise.resolve();
    }
    return this.#enqueue(() => this.pc.addIceCandidate(candidate));
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await this.#microphone?.sender.replaceTrack(track);
  }

  play() {
    this.#voices.forEach((voice) => voice.play());
  }

  /** Applies to each slot the volume of the participant in it. */
  followSpeakers() {
    const { volumes, audio } = this.#context;
    this.#gates.forEach((gate) => gate.follow(volumes, audio.context.currentTime));
  }

  /**
   * The packets name the speaker in each slot: the CSRC is the participant's number, the level is the RFC 6464 one.
   * @param {Map<number, number>} levels number → loudness, 0…1; receives the levels of this connection
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
    clearTimeout(this.#timer);
    this.pc.close();
    this.path.close();
  }

  /**
   * @param {string} sdp
   * @param {() => Promise<void>} [prepare] runs between the offer and the answer
   */
  #negotiate(sdp, prepare) {
    return this.#enqueue(async () => {
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
      // The answer needs no candidates: the media node is ICE-lite and learns the browser's address from its checks.
      this.#context.session.send({ type: 'answer', epoch: this.#epoch, sdp: this.pc.localDescription?.sdp ?? '' });
    });
  }

  /**
   * @param {() => Promise<void>} action
   * @returns {Promise<void>} the action's own outcome
   */
  #enqueue(action) {
    const done = this.#chain.then(action);
    this.#chain = done.catch(() => {}); // the caller handles the error; it does not concern the next action
    return done;
  }

  #extendTimeout() {
    this.#movingUntil = performance.now() + MOVE_TIMEOUT_MS;
    if (this.ready && this.pc.connectionState !== 'connected') {
      this.#startTimeout(0);
    }
  }

  async #stateChanged() {
    const state = this.pc.connectionState;
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#failed = false; // a restart may have recovered a connection that had failed
      if (!this.ready && this.#microphone) {
        await untilSending(this.#microphone.sender, () => this.#closed);
        if (!this.#closed) {
          this.ready = true;
          this.#events.sending();
        }
      }
    } else if (state === 'disconnected') {
      this.#startTimeout(DISCONNECTED_TIMEOUT_MS);
    } else if (state === 'failed') {
      this.#startTimeout(0);
    }
  }

  /** @param {number} timeoutMs a minimum; it is longer while the server moves the endpoint */
  #startTimeout(timeoutMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(), Math.max(timeoutMs, this.#movingUntil - performance.now()));
  }

  #fail() {
    clearTimeout(this.#timer);
    if (!this.#closed && !this.#failed) {
      this.#failed = true;
      this.#events.failed();
    }
  }
}
