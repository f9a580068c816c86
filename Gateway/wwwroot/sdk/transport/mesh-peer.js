// @ts-check
import { alignPlayout, Freshness, preferOpus, untilSending } from './connection.js';

/** @import { AudioPath } from '../audio/audio-path.js' */
/** @import { Voice } from '../audio/voice.js' */
/** @import { SignalledMessage } from '../signaling/messages.js' */
/** @import { ConnectionEvents } from './connection.js' */
/** @import { TransportContext } from './transport.js' */

/** The number of candidates that may wait for their description: a host with several networks and relays has a few dozen. */
const EARLY_CANDIDATES = 64;

/**
 * The connection to one other participant of a mesh. The participant with the higher number offers, so glare cannot happen; the offerer
 * also repairs.
 */
export class MeshPeer {
  #context;
  #epoch;
  #path;
  #events;
  #offers;
  /** @type {RTCRtpTransceiver | null} */
  #transceiver = null;
  /** @type {Voice | null} */
  #voice = null;
  #audible = true;
  #volume = 1;
  /** Descriptions and candidates are applied one after another. @type {Promise<void>} */
  #chain = Promise.resolve();
  /** The candidates that arrived before their description. @type {RTCIceCandidateInit[]} */
  #early = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #overdueTimer;
  #restarted = false;
  #closed = false;
  #fresh = new Freshness();

  /**
   * @param {TransportContext} context
   * @param {number} epoch
   * @param {number} number the other participant
   * @param {AudioPath} path
   * @param {ConnectionEvents} events
   */
  constructor(context, epoch, number, path, events) {
    this.#context = context;
    this.#epoch = epoch;
    this.#path = path;
    this.#events = events;
    this.#offers = context.roster.self > number;
    this.number = number;
    /** True after the connection has been made and packets have left, at least once. */
    this.ready = false;
    this.pc = new RTCPeerConnection(this.#configuration);
    this.pc.onicecandidate = ({ candidate }) => this.#send({ candidate: candidate?.toJSON() ?? null });
    this.pc.ontrack = ({ track, receiver }) => this.#attach(track, receiver);
    this.pc.onconnectionstatechange = () => this.#stateChanged();
    this.#startTimeout();
    if (this.#offers) {
      this.#transceiver = this.pc.addTransceiver(context.microphone.published ?? 'audio', { direction: 'sendrecv' });
      preferOpus(this.#transceiver);
      this.#enqueue(() => this.#sendDescription());
    }
  }

  /** @param {SignalledMessage} signal */
  accept({ description, candidate }) {
    this.#enqueue(() => (description ? this.#acceptDescription(description) : this.#acceptCandidate(candidate)));
  }

  /** Sends the last description again, with the candidates found since: messages to a dead socket are lost. */
  resend() {
    if (this.pc.connectionState !== 'connected' && this.pc.localDescription) {
      this.#send({ description: this.pc.localDescription.toJSON() });
    }
  }

  /** Looks for a new path at once after a change of the network, instead of waiting until the old one fails. */
  repair() {
    if (this.#offers && !this.#closed && this.pc.signalingState === 'stable') {
      this.pc.restartIce();
      this.#enqueue(() => this.#sendDescription());
    }
  }

  /** Gives the open connection the newest ICE servers. */
  configure() {
    if (this.pc.signalingState !== 'closed') {
      this.pc.setConfiguration(this.#configuration);
    }
  }

  /** @param {MediaStreamTrack | null} track */
  async setTrack(track) {
    await this.#transceiver?.sender.replaceTrack(track);
  }

  /**
   * @param {boolean} audible false: a moderator muted this participant
   * @param {number} volume chosen by this listener
   */
  setVolume(audible, volume) {
    this.#audible = audible;
    this.#volume = volume;
    this.#voice?.setGain(audible ? volume : 0);
  }

  play() {
    this.#voice?.play();
  }

  /** @returns {number} the loudness received since the last call, 0…1, from the packets' RFC 6464 level */
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

  get #configuration() {
    return this.#context.ice.for({ mode: 'p2p', epoch: this.#epoch, peer: this.number });
  }

  /** @param {() => Promise<void>} step */
  #enqueue(step) {
    this.#chain = this.#chain.then(async () => {
      if (!this.#closed) {
        await step();
      }
    }).catch((error) => {
      // An unusable description means that this pair cannot connect: the timeout reports it, and the channel has another mode.
      if (!this.#closed) {
        console.warn(`hype-voice: the signal of participant ${this.number} could not be used:`, error);
      }
    });
  }

  async #sendDescription() {
    await this.pc.setLocalDescription();
    this.#send({ description: this.pc.localDescription?.toJSON() });
  }

  /** @param {RTCSessionDescriptionInit} description */
  async #acceptDescription(description) {
    if (description.type === 'answer' && this.pc.signalingState !== 'have-local-offer') {
      return; // the second answer, to an offer that was sent twice
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
      await this.#transceiver.sender.replaceTrack(this.#context.microphone.published);
    }
    await this.#sendDescription();
  }

  /** @param {RTCIceCandidateInit | null | undefined} candidate */
  async #acceptCandidate(candidate) {
    if (!candidate) {
      return; // the end of candidates changes nothing: the timeout decides when the pair has failed
    }
    if (this.pc.remoteDescription) {
      await this.pc.addIceCandidate(candidate);
    } else if (this.#early.length < EARLY_CANDIDATES) {
      this.#early.push(candidate);
    }
  }

  /** @param {{ description?: RTCSessionDescriptionInit, candidate?: RTCIceCandidateInit | null }} signal */
  #send(signal) {
    if (!this.#closed) {
      this.#context.session.send({ type: 'signal', to: this.number, epoch: this.#epoch, ...signal });
    }
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {RTCRtpReceiver} receiver
   */
  #attach(track, receiver) {
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
      void this.#reportSending();
    } else if (this.pc.connectionState === 'failed') {
      this.#startTimeout();
      if (!this.#restarted) {
        this.#restarted = true;
        this.repair();
      }
    }
  }

  async #reportSending() {
    if (!this.ready && this.#transceiver) {
      await untilSending(this.#transceiver.sender, () => this.#closed);
      if (!this.ready && !this.#closed) {
        this.ready = true;
        this.#events.sending();
      }
    }
  }

  #startTimeout() {
    const { session, roster, connectTimeoutMs } = this.#context;
    this.#overdueTimer ??= setTimeout(() => {
      this.#overdueTimer = undefined;
      // Without a socket neither side can negotiate: while one of the two is away, the timeout says nothing about the network between
      // them.
      if (roster.get(this.number)?.away === false && session.online) {
        this.#events.failed();
      } else {
        this.#startTimeout();
      }
    }, connectTimeoutMs);
  }
}
