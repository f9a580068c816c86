// @ts-check
import { AudioEngine } from './audio.js';
import { Emitter } from './emitter.js';
import { VoiceError } from './errors.js';
import { Microphone } from './microphone.js';
import { watchNetwork } from './network.js';
import { connectionStats, QualityMeter } from './quality.js';
import { measureRegions } from './regions.js';
import { Roster } from './roster.js';
import { Session } from './session.js';
import { SpeakingMonitor } from './speaking.js';
import { LayoutSwitch } from './switch.js';

/** @typedef {import('./types.js').JoinOptions} JoinOptions */
/** @typedef {import('./types.js').Welcome} Welcome */

const QUALITY_INTERVAL_MS = 5000;
/** The gateway serves this file, so the socket is beside it, whatever the page's own address is. */
const DEFAULT_URL = new URL('../api/voice/ws', import.meta.url).href.replace(/^http/, 'ws');

/**
 * A seat in a voice channel, from {@link import('./hype-voice.js').join}.
 * @extends {Emitter<import('./types.js').ChannelEvents>}
 */
export class VoiceChannel extends Emitter {
  #options;
  #audio;
  #microphone;
  #session;
  #switch;
  #roster = new Roster();
  #meter = new QualityMeter();
  /** @type {SpeakingMonitor | null} */
  #speaking = null;
  /** @type {Welcome | null} */
  #welcome = null;
  /** @type {number | null} */
  #dominant = null;
  #muted;
  #deafened;
  #serverMuted = false;
  #online = false;
  #closed = false;
  /** @type {Record<string, number> | undefined} round-trip milliseconds to the regions, by name */
  #rtt;
  /** @type {VoiceError | undefined} */
  #microphoneError;
  /** @type {(() => void)[]} */
  #cleanup = [];

  /**
   * @param {string} name
   * @param {JoinOptions} options
   */
  constructor(name, options) {
    super();
    if (typeof RTCPeerConnection === 'undefined') {
      throw new VoiceError('unsupportedBrowser', 'This browser has no WebRTC: use a current Chromium, Firefox or Safari.');
    }
    this.name = name;
    this.#options = options;
    this.#muted = options.muted ?? false;
    this.#deafened = options.deafened ?? false;
    this.#audio = new AudioEngine(options.audioContext);
    this.#microphone = new Microphone(this.#audio.context);
    this.#rtt = options.rtt;
    this.#session = new Session({ url: this.#url, channel: name, token: options.token, hello: () => this.#hello() });
    this.#switch = new LayoutSwitch({
      send: (message) => this.#session.send(message),
      track: () => this.#microphone.published,
      audio: this.#audio,
      configuration: (purpose) => this.#configuration(purpose),
      member: (number) => this.#roster.get(number),
      others: () => this.roster.filter(({ number }) => number !== this.number),
      self: () => this.number,
      online: () => this.#online,
      connectTimeoutMs: options.connectTimeout ?? 10_000,
      jitterBufferTargetMs: options.jitterBufferTarget === undefined ? 60 : options.jitterBufferTarget,
    });
  }

  /** Your number in the channel. */
  get number() {
    return this.#welcome?.number ?? 0;
  }

  get identity() {
    return this.#welcome?.identity ?? '';
  }

  /** Everyone in the channel, yourself included. */
  get roster() {
    return this.#roster.participants;
  }

  /** When the channel changes its mode by itself. */
  get settings() {
    return this.#welcome?.settings ?? null;
  }

  /** The layout that plays, and the one being prepared. */
  get layout() {
    return this.#switch.state;
  }

  /** The numbers that sound now. */
  get speaking() {
    return this.#speaking?.speaking ?? new Set();
  }

  get dominant() {
    return this.#dominant;
  }

  get muted() {
    return this.#muted;
  }

  get deafened() {
    return this.#deafened;
  }

  get serverMuted() {
    return this.#serverMuted;
  }

  get microphone() {
    return { available: this.#microphone.available, ...this.#microphone.device, ...(this.#microphoneError && { error: this.#microphoneError }) };
  }

  /** The audio node that everything heard is mixed to. */
  get output() {
    return this.#audio.output;
  }

  /** Sound waits for a click of the user: call {@link resumeAudio} in it. */
  get playbackBlocked() {
    return this.#audio.blocked;
  }

  /** Takes the seat; {@link import('./hype-voice.js').join} has done it already. */
  async open() {
    const { signal, microphone } = this.#options;
    const abort = () => this.#close({ reason: 'left', reconnect: false, message: 'Joining was given up.' });
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      void this.#audio.resume();
      this.#audio.deafen(this.#deafened);
      this.#applyMute();
      const regions = this.#rtt ? null : measureRegions(this.#url);
      // First the microphone: with it granted, browsers show their real addresses to the others, and pairs in one network connect.
      if (microphone !== false) {
        await this.#microphone.open(microphone).catch((error) => (this.#microphoneError = error));
      }
      this.#rtt ??= (await regions) ?? undefined;
      signal?.throwIfAborted();
      this.#listen();
      await this.#session.connect();
    } catch (error) {
      this.#release();
      throw signal?.aborted ? new VoiceError('closed', 'Joining was given up.', { cause: error }) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    setTimeout(() => this.#announce());
  }

  /** @param {boolean} muted to unmute is to hear again too */
  mute(muted) {
    this.#setState(muted, muted && this.#deafened);
  }

  /** @param {boolean} deafened nobody is heard, and nobody hears you */
  deafen(deafened) {
    this.#setState(this.#muted, deafened);
  }

  /**
   * Publishes another source, on every connection, without any negotiation.
   * @param {string | MediaStream | MediaTrackConstraints} source
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old source then stays
   */
  async setMicrophone(source) {
    await this.#microphone.open(source);
  }

  /** Lets the browser play; call it from a click. */
  async resumeAudio() {
    return this.#audio.resume();
  }

  /** How loud the own microphone is now: 0 (-60 dB and below) … 1 (0 dB), muted or not. */
  level() {
    const rms = this.#microphone.rms();
    return rms > 0 ? Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60)) : 0;
  }

  /** What each open connection has carried. */
  stats() {
    return Promise.all(this.#switch.connections().map(connectionStats));
  }

  /** The peer connections, for tests and for the curious. */
  connections() {
    return this.#switch.connections();
  }

  /**
   * Asks the server for a fault that users will meet (Development only; elsewhere `error` says `unsupported`).
   * @param {import('./types.js').Fault} fault
   */
  simulate(fault) {
    this.#session.send({ type: 'simulate', fault });
  }

  leave() {
    this.#session.leave();
  }

  #hello() {
    return { muted: this.#muted || this.#deafened, deafened: this.#deafened, ...(this.#rtt && { rtt: this.#rtt }) };
  }

  /** Of the gateway's socket, whole. */
  get #url() {
    return new URL(this.#options.url ?? DEFAULT_URL, window.location.href).href.replace(/^http/, 'ws');
  }

  /** @param {{ mode: import('./types.js').Mode, epoch: number, peer: number | null }} purpose */
  #configuration(purpose) {
    /** @type {RTCConfiguration} */
    const configuration = { iceServers: this.#options.iceServers ?? this.#welcome?.iceServers ?? [] };
    return this.#options.rtcConfiguration?.(configuration, purpose) ?? configuration;
  }

  /** Access to a TURN server ends: a pair that has to look for another way has to have the newest. */
  #renewIceServers() {
    for (const { pc, mode, epoch, peer } of this.connections()) {
      if (mode === 'p2p' && pc.signalingState !== 'closed') {
        pc.setConfiguration(this.#configuration({ mode, epoch, peer }));
      }
    }
  }

  #listen() {
    const { context } = this.#audio;
    const stateChanged = () => {
      if (context.state === 'running') {
        this.#switch.play();
      }
      this.emit('playback', { blocked: this.#audio.blocked });
    };
    context.addEventListener('statechange', stateChanged);
    const qualityTimer = setInterval(() => void this.#reportQuality(), QUALITY_INTERVAL_MS);
    this.#speaking = new SpeakingMonitor({
      levels: () => this.#levels(),
      muted: (number) => this.#roster.get(number)?.muted !== false || this.#roster.get(number)?.serverMuted === true,
      changed: (numbers) => this.emit('speaking', numbers),
    });
    this.#cleanup.push(
      () => context.removeEventListener('statechange', stateChanged),
      () => clearInterval(qualityTimer),
      () => this.#speaking?.close(),
      watchNetwork(() => {
        this.#session.hurry();
        this.#switch.networkChanged();
      }),
      this.#microphone.on('changed', ({ error }) => void this.#microphoneChanged(error)),
      this.#switch.on('mode', (state) => this.emit('mode', state)),
      this.#session.on('welcome', (welcome) => this.#welcomed(welcome)),
      this.#session.on('message', (message) => this.#receive(message)),
      this.#session.on('lost', (retry) => {
        this.#online = false;
        this.emit('reconnecting', retry);
      }),
      this.#session.on('closed', (goodbye) => this.#close(goodbye)),
    );
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    const again = this.#welcome !== null;
    this.#welcome = welcome;
    this.#online = true;
    this.#setDominant(welcome.dominant ?? null);
    this.#rosterChanged(this.#roster.replace(welcome.seq, welcome.participants));
    if (welcome.resumed) {
      this.#renewIceServers();
      this.#switch.resume(welcome);
      const own = this.#roster.get(this.number);
      if (own && (own.muted !== (this.#muted || this.#deafened) || own.deafened !== this.#deafened)) {
        this.#sendState();
      }
    } else {
      this.#switch.start(welcome);
    }
    if (again) {
      this.emit('reconnected', { resumed: welcome.resumed, number: welcome.number });
    }
  }

  /** @param {any} message */
  #receive(message) {
    switch (message.type) {
      case 'rosterDiff': {
        const change = this.#roster.apply(message);
        if (change === 'missed') {
          this.#session.send({ type: 'sync' });
        } else if (change !== 'known') {
          this.#rosterChanged(change);
        }
        break;
      }
      case 'roster':
        this.#rosterChanged(this.#roster.replace(message.seq, message.participants));
        break;
      case 'mode':
        this.#switch.prepare(message);
        break;
      case 'commit':
        this.#switch.commit(message.epoch);
        break;
      case 'signal':
      case 'offer':
      case 'candidate':
        this.#switch.accept(message);
        break;
      case 'speakers':
        this.#setDominant(message.dominant);
        break;
      case 'moderated':
        this.#moderated(message.serverMuted);
        break;
      case 'error':
        this.emit('error', new VoiceError(message.code, message.message, message));
        break;
      default: // a newer server may say more than this client knows
    }
  }

  /** @param {import('./types.js').RosterChange} change */
  #rosterChanged(change) {
    this.#moderated(this.#roster.get(this.number)?.serverMuted ?? false);
    this.#switch.reconcile();
    this.emit('roster', { ...change, participants: this.roster });
  }

  /** @param {boolean} serverMuted */
  #moderated(serverMuted) {
    if (serverMuted !== this.#serverMuted) {
      this.#serverMuted = serverMuted;
      this.#applyMute();
      this.emit('moderated', { serverMuted });
    }
  }

  /** @param {number | null} dominant */
  #setDominant(dominant) {
    if (dominant !== this.#dominant) {
      this.#dominant = dominant;
      this.emit('dominant', dominant);
    }
  }

  /**
   * @param {boolean} muted
   * @param {boolean} deafened
   */
  #setState(muted, deafened) {
    if (this.#closed || (muted === this.#muted && deafened === this.#deafened)) {
      return;
    }
    this.#muted = muted;
    this.#deafened = deafened;
    this.#audio.deafen(deafened);
    this.#applyMute();
    this.#sendState();
    this.emit('state', { muted, deafened });
  }

  #sendState() {
    if (this.#online) { // else the next welcome shows the difference
      this.#session.send({ type: 'state', muted: this.#muted || this.#deafened, deafened: this.#deafened });
    }
  }

  #applyMute() {
    this.#microphone.enable(!this.#muted && !this.#deafened && !this.#serverMuted);
  }

  /** @param {VoiceError} [error] */
  async #microphoneChanged(error) {
    this.#microphoneError = error;
    await this.#switch.setTrack(this.#microphone.published);
    this.emit('microphone', this.microphone);
  }

  #levels() {
    const levels = this.#switch.levels;
    if (!this.#muted && !this.#deafened) {
      levels.set(this.number, this.#microphone.rms());
    }
    return levels;
  }

  async #reportQuality() {
    const layout = this.layout;
    const current = this.#switch.connections().filter(({ epoch }) => epoch === layout?.epoch);
    const quality = await this.#meter.measure(current);
    if (quality && !this.#closed) {
      this.#session.send({ type: 'quality', ...quality });
      this.emit('quality', quality);
    }
  }

  #announce() {
    if (!this.#closed && this.layout) {
      this.emit('roster', { joined: [], changed: [], left: [], participants: this.roster });
      this.emit('mode', this.layout);
      this.emit('microphone', this.microphone);
      this.emit('playback', { blocked: this.#audio.blocked });
    }
  }

  /** @param {import('./socket.js').Goodbye} goodbye */
  #close(goodbye) {
    if (!this.#closed) {
      this.#release();
      this.emit('closed', goodbye);
    }
  }

  #release() {
    this.#closed = true;
    this.#cleanup.splice(0).forEach((clean) => clean());
    this.#session.leave();
    this.#switch.close();
    this.#microphone.close();
    this.#audio.close();
  }
}
