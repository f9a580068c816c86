// @ts-check
import { alignPlayout, flowing, Freshness, preferOpus } from './connection.js';

/** @typedef {import('../types.js').PeerSignal} PeerSignal */
/** @typedef {import('../types.js').TransportContext} TransportContext */

/**
 * The connection to one other member of a mesh. The higher number offers, so glare cannot happen; the offerer also repairs.
 */
export class MeshPeer {
  #context;
  #epoch;
  #path;
  #events;
  #offers;
  /** @type {RTCRtpTransceiver | null} */
  #transceiver = null;
  /** @type {import('../audio/audio-engine.js').Voice | null} */
  #voice = null;
  #audible = true;
  #volume = 1;
  /** Descriptions and candidates are taken one after another. @type {Promise<void>} */
  #chain = Promise.resolve();
  /** @type {RTCIceCandidateInit[]} candidates that overtook their description */
  #early = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #overdueTimer;
  #restarted = false;
  #closed = false;
  #fresh = new Freshness();

  /**
   * @param {TransportContext} context
   * @param {number} epoch
   * @param {number} number the other member
   * @param {import('../audio/audio-engine.js').AudioPath} path
   * @param {{ flowing: () => void, failed: () => void }} events `flowing`: connected and sending, once; `failed`: once per loss
   */
  constructor(context, epoch, number, path, events) {
    this.#context = context;
    this.#epoch = epoch;
    this.#path = path;
    this.#events = events;
    this.#offers = context.self() > number;
    this.number = number;
    /** Connected, and packets have left, at least once. */
    this.ready = false;
    this.pc = new RTCPeerConnection(context.configuration({ mode: 'p2p', epoch, peer: number }));
    this.pc.onicecandidate = ({ candidate }) => this.#signal({ candidate: candidate?.toJSON() ?? null });
    this.pc.ontrack = ({ track, receiver }) => this.#hear(track, receiver);
    this.pc.onconnectionstatechange = () => this.#stateChanged();
    this.#watch();
    if (this.#offers) {
      this.#transceiver = this.pc.addTransceiver(context.track() ?? 'audio', { direction: 'sendrecv' });
      preferOpus(this.#transceiver);
      this.#enqueue(() => this.#describe());
    }
  }

  /** @param {PeerSignal} signal */
  accept(signal) {
    this.#enqueue(() => (signal.description ? this.#acceptDescription(signal.description) : this.#acceptCandidate(signal.candidate)));
  }

  /** What was written to a dead socket is lost: says the last description again, with the candidates found since. */
  resend() {
    if (this.pc.connectionState !== 'connected' && this.pc.localDescription) {
      this.#signal({ description: this.pc.localDescription.toJSON() });
    }
  }

  /** The network under us changed: look for a new way at once instead of waiting for the old one to fail. */
  repair() {
    if (this.#offers && !this.#closed && this.pc.signalingState === 'stable') {
      this.pc.restartIce();
      this.#enqueue(() => this.#describe());
    }
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await this.#transceiver?.sender.replaceTrack(track);
  }

  /**
   * @param {boolean} audible a moderator lets this member speak
   * @param {number} volume that this listener wants
   */
  setVolume(audible, volume) {
    this.#audible = audible;
    this.#volume = volume;
    this.#voice?.setGain(audible ? volume : 0);
  }

  play() {
    this.#voice?.play();
  }

  /** @returns {number} loudness of what came in since the last call, 0…1, out of the packets' RFC 6464 level */
  level() {
    const [source] = this.#audible ? (this.#transceiver?.receiver.getSynchronizationSources() ?? []) : [];
    return source && this.#fresh.isNew('voice', source.rtpTimestamp) ? (source.audioLevel ?? 0) : 0;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#overdueTimer);
    this.#voice?.close();
    this.pc.close();
  }

  /** @param {() => Promise<void>} step */
  #enqueue(step) {
    this.#chain = this.#chain.then(async () => {
      if (!this.#closed) {
        await step();
      }
    }).catch((error) => {
      // A description that cannot be used is a pair that cannot connect: the watch reports it, and the channel has another way.
      if (!this.#closed) {
        console.warn(`hype-voice: signal of member ${this.number} could not be used:`, error);
      }
    });
  }

  async #describe() {
    await this.pc.setLocalDescription();
    this.#signal({ description: this.pc.localDescription?.toJSON() });
  }

  /** @param {RTCSessionDescriptionInit} description */
  async #acceptDescription(description) {
    if (description.type === 'answer' && this.pc.signalingState !== 'have-local-offer') {
      return; // the answer to an offer that was said twice
    }
    await this.pc.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) {
      await this.pc.addIceCandidate(candidate);
    }
    if (description.type === 'offer') {
      await this.#answer();
    }
  }

  async #answer() {
    if (!this.#transceiver) {
      [this.#transceiver] = this.pc.getTransceivers();
      this.#transceiver.direction = 'sendrecv';
      await this.#transceiver.sender.replaceTrack(this.#context.track());
    }
    await this.#describe();
  }

  /** @param {RTCIceCandidateInit | null | undefined} candidate */
  async #acceptCandidate(candidate) {
    if (!candidate) {
      return; // the end of candidates changes nothing: the watch decides when it has been long enough
    }
    if (this.pc.remoteDescription) {
      await this.pc.addIceCandidate(candidate);
    } else {
      this.#early.push(candidate);
    }
  }

  /** @param {Omit<PeerSignal, 'epoch'>} signal */
  #signal(signal) {
    if (!this.#closed) {
      this.#context.send({ type: 'signal', to: this.number, epoch: this.#epoch, ...signal });
    }
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {RTCRtpReceiver} receiver
   */
  #hear(track, receiver) {
    alignPlayout(receiver, this.#context.jitterBufferTargetMs);
    this.#voice?.close();
    this.#voice = this.#path.attach(track);
    this.#voice.setGain(this.#audible ? this.#volume : 0);
  }

  #stateChanged() {
    if (this.pc.connectionState === 'connected') {
      clearTimeout(this.#overdueTimer);
      this.#overdueTimer = undefined;
      this.#restarted = false;
      void this.#announce();
    } else if (this.pc.connectionState === 'failed') {
      this.#watch();
      if (!this.#restarted) {
        this.#restarted = true;
        this.repair();
      }
    }
  }

  async #announce() {
    if (!this.ready && this.#transceiver) {
      await flowing(this.#transceiver.sender, () => this.#closed);
      if (!this.ready && !this.#closed) {
        this.ready = true;
        this.#events.flowing();
      }
    }
  }

  #watch() {
    this.#overdueTimer ??= setTimeout(() => {
      this.#overdueTimer = undefined;
      // Nobody can negotiate without a socket: while one of the two is away, that is not the network's verdict on the pair.
      if (this.#context.member(this.number)?.away === false && this.#context.online()) {
        this.#events.failed();
      } else {
        this.#watch();
      }
    }, this.#context.connectTimeoutMs);
  }
}
