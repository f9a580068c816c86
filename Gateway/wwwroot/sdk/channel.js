// @ts-check
import { AudioEngine } from './audio.js';
import { AudioTicks } from './audio-ticks.js';
import { Devices } from './devices.js';
import { Emitter } from './emitter.js';
import { VoiceError } from './errors.js';
import { Journal } from './journal.js';
import { Microphone } from './microphone.js';
import { Moderation } from './moderation.js';
import { watchNetwork } from './network.js';
import { connectionStats, QualityMeter } from './quality.js';
import { measureRegions } from './regions.js';
import { transportReport } from './report.js';
import { Roster } from './roster.js';
import { Session } from './session.js';
import { SpeakingMonitor } from './speaking.js';
import { LayoutSwitch } from './switch.js';
import { Talk } from './talk.js';
import { Volumes } from './volumes.js';

/** @typedef {import('./types.js').JoinOptions} JoinOptions */
/** @typedef {import('./types.js').Welcome} Welcome */

const QUALITY_INTERVAL_MS = 5000;
/** How often to look who is in which slot, while a member's volume is not the usual one. */
const FOLLOW_SECONDS = 0.01;
/** A report is to be had while the control plane is away too. */
const NODES_PATIENCE_MS = 1500;
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
  #journal = new Journal();
  /** @type {AudioTicks | null} */
  #following = null;
  /** @type {import('./types.js').Quality | null} */
  #quality = null;
  #transmitting = false;
  /** @type {SpeakingMonitor | null} */
  #speaking = null;
  /** @type {Welcome | null} */
  #welcome = null;
  /** @type {number | null} */
  #dominant = null;
  #muted;
  #deafened;
  #serverMuted = false;
  /** @type {readonly import('./types.js').Grant[]} */
  #grants = [];
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
    /** Mute, unmute, kick and move members, where the token allows it. */
    this.moderate = new Moderation({ url: this.#url, channel: () => this.name, token: () => this.#session.token });
    /** How loud you want each member. */
    this.volumes = new Volumes((number) => this.#roster.get(number));
    /** When your microphone is heard. */
    this.talk = new Talk(this.#audio.context, () => this.level());
    /** What can be plugged in and out. */
    this.devices = new Devices(this.#audio.context);
    this.#switch = new LayoutSwitch({
      send: (message) => this.#session.send(message),
      track: () => this.#microphone.published,
      audio: this.#audio,
      volumes: this.volumes,
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

  /** What you may. */
  get grants() {
    return this.#grants;
  }

  /** What you say now is sent: you are not muted, and the talk mode lets you. */
  get transmitting() {
    return this.#transmitting;
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
      this.talk.use(this.#options.talk ?? { mode: 'open' });
      this.#applyMute();
      if (this.#options.speaker) {
        await this.devices.setSpeaker(this.#options.speaker).catch(() => undefined); // it is not plugged in today
      }
      const regions = this.#rtt ? null : measureRegions(this.#url);
      // First the microphone: with it granted, browsers show their real addresses to the others, and pairs in one network connect.
      if (microphone !== false) {
        await this.#microphone.open(microphone).catch((error) => (this.#microphoneError = error));
      }
      void this.devices.refresh(); // so that the first change has something to differ from
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

  /**
   * The state of everything, to be put into a bug report (`reportText` writes it for people).
   * @returns {Promise<import('./report.js').ConnectionReport>}
   */
  async report() {
    const [nodes, transports] = await Promise.all([this.#nodes(), Promise.all(this.#switch.connections().map(transportReport))]);
    return {
      at: new Date().toISOString(),
      browser: navigator.userAgent,
      channel: this.name,
      number: this.number,
      identity: this.identity,
      layout: this.layout,
      gateway: this.#session.gateway,
      nodes,
      regions: this.#rtt ?? null,
      quality: this.#quality,
      audio: {
        muted: this.#muted,
        deafened: this.#deafened,
        serverMuted: this.#serverMuted,
        talk: this.talk.mode.mode,
        microphone: this.#microphone.device?.label ?? null,
        sound: this.#audio.context.state,
      },
      transports,
      log: this.#journal.lines,
    };
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

  /** Which media nodes carry the channel: the gateway tells moderators, and everyone in Development. */
  async #nodes() {
    try {
      const url = new URL(`channels/${encodeURIComponent(this.name)}`, this.#url.replace(/^ws/, 'http'));
      const answer = await fetch(url, { headers: { authorization: `Bearer ${this.#session.token}` }, signal: AbortSignal.timeout(NODES_PATIENCE_MS) });
      return answer.ok ? (await answer.json()).rooms : null;
    } catch {
      return null;
    }
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
    this.#journal.keep(this, {
      mode: ({ mode, epoch, reason, switching, next }) => (switching ? `switching to ${next?.mode ?? mode}, ${next?.reason ?? reason}` : `plays ${mode}, epoch ${epoch}, ${reason}`),
      reconnecting: ({ attempt }) => (attempt === 1 ? 'socket lost' : null),
      reconnected: ({ resumed }) => (resumed ? 'socket resumed' : 'joined again'),
      moved: ({ from, to }) => `moved from ${from} to ${to}`,
      moderated: ({ serverMuted }) => (serverMuted ? 'muted by a moderator' : 'unmuted by a moderator'),
      microphone: ({ label, lost, error }) => `microphone ${error ? error.code : label}${lost === undefined ? '' : `, ${lost || 'the other one'} was unplugged`}`,
      error: ({ code }) => `error ${code}`,
    });
    this.#cleanup.push(
      () => context.removeEventListener('statechange', stateChanged),
      () => clearInterval(qualityTimer),
      () => this.#speaking?.close(),
      watchNetwork(() => {
        this.#session.hurry();
        this.#switch.networkChanged();
      }),
      () => this.#following?.close(),
      this.#microphone.on('changed', ({ error, lost }) => void this.#microphoneChanged(error, lost)),
      this.talk.on('changed', () => this.#applyMute()),
      this.volumes.on('changed', (volume) => this.#volumeChanged(volume)),
      this.devices.on('changed', (devices) => {
        void this.#microphone.reconcile(devices.microphones);
        this.emit('devices', devices);
      }),
      this.devices.on('speaker', (speaker) => this.emit('speaker', speaker)),
      this.#switch.on('mode', (state) => this.emit('mode', state)),
      this.#session.on('welcome', (welcome) => this.#welcomed(welcome)),
      this.#session.on('message', (message) => this.#receive(message)),
      this.#session.on('lost', (retry) => {
        this.#online = false;
        this.emit('reconnecting', retry);
      }),
      this.#session.on('closed', (goodbye) => this.#close(goodbye)),
    );
    this.#applyMute(); // the talk mode may have heard somebody already
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    const before = this.#welcome;
    const cameBack = before !== null && !this.#online;
    const moved = before !== null && before.channel !== welcome.channel;
    const sameMedia = welcome.resumed && !moved;
    this.#welcome = welcome;
    this.#online = true;
    this.#grants = welcome.grants;
    this.#applyMute();
    if (!sameMedia) {
      this.#switch.close(); // its members and epochs are another session's
    }
    if (moved) {
      this.name = welcome.channel;
      this.#roster.clear();
    }
    const change = this.#roster.replace(welcome.seq, welcome.participants);
    if (moved) {
      this.emit('moved', { from: before.channel, to: welcome.channel, number: welcome.number });
    }
    this.#setDominant(welcome.dominant ?? null);
    this.#rosterChanged(change);
    if (sameMedia) {
      this.#renewIceServers();
      this.#switch.resume(welcome);
    } else {
      this.#switch.start(welcome);
    }
    const own = this.#roster.get(this.number);
    if (own && (own.muted !== (this.#muted || this.#deafened) || own.deafened !== this.#deafened)) {
      this.#sendState();
    }
    if (cameBack) {
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
      case 'grants':
        this.#grants = message.grants;
        this.#applyMute();
        this.emit('grants', message.grants);
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

  /** What keeps you from being heard: yourself, a moderator, or the talk mode. */
  #applyMute() {
    // Nothing of a listener leaves the browser, in a mesh either, where no server would stop it.
    const maySpeak = !this.#serverMuted && this.#grants.includes('speak');
    const mayBeHeard = maySpeak && !this.#muted && !this.#deafened && this.talk.open;
    this.#microphone.enable(mayBeHeard);
    const transmitting = mayBeHeard && this.#microphone.available;
    if (transmitting !== this.#transmitting) {
      this.#transmitting = transmitting;
      this.emit('transmitting', transmitting);
    }
  }

  /**
   * @param {VoiceError} [error]
   * @param {string} [lost]
   */
  async #microphoneChanged(error, lost) {
    this.#microphoneError = error;
    this.#applyMute();
    await this.#switch.setTrack(this.#microphone.published);
    this.emit('microphone', { ...this.microphone, ...(lost !== undefined && { lost }) });
  }

  /** @param {import('./types.js').ChannelEvents['volume']} volume */
  #volumeChanged(volume) {
    if (this.volumes.untouched) {
      this.#following?.close();
      this.#following = null;
    } else {
      this.#following ??= new AudioTicks(this.#audio.context, FOLLOW_SECONDS, () => this.#switch.followSpeakers());
    }
    this.#switch.reconcile();
    this.#switch.followSpeakers();
    this.emit('volume', volume);
  }

  #levels() {
    const levels = this.#switch.levels;
    if (this.#transmitting) {
      levels.set(this.number, this.#microphone.rms());
    }
    return levels;
  }

  async #reportQuality() {
    const layout = this.layout;
    const current = this.#switch.connections().filter(({ epoch }) => epoch === layout?.epoch);
    const quality = await this.#meter.measure(current);
    if (quality && !this.#closed) {
      this.#quality = quality;
      this.#session.send({ type: 'quality', ...quality, ...this.#audio.takeNews() });
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
    this.talk.close();
    this.devices.close();
    this.#microphone.close();
    this.#audio.close();
  }
}
