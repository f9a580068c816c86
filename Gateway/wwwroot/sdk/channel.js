// @ts-check
import { AudioEngine } from './audio/audio-engine.js';
import { Devices } from './audio/devices.js';
import { Emitter } from './emitter.js';
import { VoiceError } from './errors.js';
import { Journal } from './report/journal.js';
import { Moderation } from './signaling/moderation.js';
import { watchNetwork } from './transport/network.js';
import { OwnVoice } from './audio/own-voice.js';
import { connectionStats } from './report/quality.js';
import { QualityReports } from './report/quality-reports.js';
import { measureRegions } from './signaling/regions.js';
import { carryingNodes, transportReport } from './report/connection-report.js';
import { Seat } from './signaling/channel-state.js';
import { Session } from './signaling/session.js';
import { SlotFollower } from './transport/slot-follower.js';
import { SpeakingMonitor } from './audio/speaking.js';
import { LayoutSwitch } from './transport/layout-switch.js';
import { Volumes } from './audio/volumes.js';

/** @typedef {import('./types.js').ChannelEvents} ChannelEvents */
/** @typedef {import('./types.js').JoinOptions} JoinOptions */

/** The gateway serves this file, so the socket is beside it, whatever the page's own address is. */
const DEFAULT_URL = new URL('../api/voice/ws', import.meta.url).href.replace(/^http/, 'ws');

/**
 * A seat in a voice channel, from {@link import('./hype-voice.js').join}. What it can do is done by its parts, which know each other only
 * through it: the {@link Session} keeps the socket, the {@link Seat} knows what the server says, the {@link LayoutSwitch} the
 * connections, {@link OwnVoice} the microphone, {@link AudioEngine} what is heard.
 * @extends {Emitter<ChannelEvents>}
 */
export class VoiceChannel extends Emitter {
  #options;
  #audio;
  #session;
  /** @type {OwnVoice} */
  #voice;
  /** @type {LayoutSwitch} */
  #layouts;
  /** @type {Seat} */
  #seat;
  #follower;
  #journal;
  /** @type {SpeakingMonitor | null} */
  #speaking = null;
  /** @type {QualityReports | null} */
  #quality = null;
  /** @type {Record<string, number> | undefined} round-trip milliseconds to the regions, by name */
  #rtt;
  #closed = false;
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
    this.#options = options;
    this.#rtt = options.rtt;
    this.#audio = new AudioEngine(options.audioContext);
    this.#session = new Session({
      url: this.#url, channel: name, token: options.token, hello: () => ({ ...this.#voice.flags, ...(this.#rtt && { rtt: this.#rtt }) }),
    });
    this.#voice = new OwnVoice(this.#audio, options, (track) => this.#layouts.setTrack(track));
    /** How loud you want each member. */
    this.volumes = new Volumes((number) => this.#seat.member(number));
    this.#layouts = new LayoutSwitch({
      send: (message) => this.#session.send(message),
      track: () => this.#voice.track,
      audio: this.#audio,
      volumes: this.volumes,
      configuration: (purpose) => this.#configuration(purpose),
      member: (number) => this.#seat.member(number),
      others: () => this.roster.filter(({ number }) => number !== this.number),
      self: () => this.number,
      online: () => this.#seat.online,
      connectTimeoutMs: options.connectTimeout ?? 10_000,
      jitterBufferTargetMs: options.jitterBufferTarget === undefined ? 60 : options.jitterBufferTarget,
    });
    this.#seat = new Seat(name, { session: this.#session, layouts: this.#layouts, voice: this.#voice, renewed: () => this.#renewIceServers() });
    this.#follower = new SlotFollower(this.#audio.context, this.volumes, this.#layouts);
    /** When your microphone is heard. */
    this.talk = this.#voice.talk;
    /** What can be plugged in and out. */
    this.devices = new Devices(this.#audio.context);
    /** Mute, unmute, kick and move members, where the token allows it. */
    this.moderate = new Moderation({ url: this.#url, channel: () => this.name, token: () => this.#session.token });
    this.#journal = new Journal(this);
    this.#listen();
  }

  /** Of the channel that you are in: a moderator may put you into another one. */
  get name() {
    return this.#seat.channel;
  }

  /** Your number in the channel. */
  get number() {
    return this.#seat.number;
  }

  get identity() {
    return this.#seat.identity;
  }

  /** Everyone in the channel, yourself included. */
  get roster() {
    return this.#seat.participants;
  }

  /** When the channel changes its mode by itself. */
  get settings() {
    return this.#seat.settings;
  }

  /** Of the socket to the gateway. */
  get connectionState() {
    return this.#seat.state;
  }

  /** The layout that plays, and the one being prepared. */
  get layout() {
    return this.#layouts.state;
  }

  /** Where the media node is that serves you; null: there is none. */
  get region() {
    return this.#layouts.region;
  }

  /** The numbers that sound now. */
  get speaking() {
    return this.#speaking?.speaking ?? new Set();
  }

  get dominant() {
    return this.#seat.dominant;
  }

  get muted() {
    return this.#voice.muted;
  }

  get deafened() {
    return this.#voice.deafened;
  }

  get serverMuted() {
    return this.#voice.serverMuted;
  }

  /** What you may. */
  get grants() {
    return this.#voice.grants;
  }

  /** What you say now is sent: you are not muted, and the talk mode lets you. */
  get transmitting() {
    return this.#voice.transmitting;
  }

  get microphone() {
    return this.#voice.microphone;
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
    const { signal, speaker } = this.#options;
    const abort = () => this.#close({ reason: 'left', reconnect: false, message: 'Joining was given up.' });
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      void this.#audio.resume();
      if (speaker) {
        await this.devices.setSpeaker(speaker).catch(() => undefined); // it is not plugged in today
      }
      const regions = this.#rtt ? null : measureRegions(this.#url);
      // First the microphone: with it granted, browsers show their real addresses to the others, and pairs in one network connect.
      await this.#voice.open(this.#options);
      void this.devices.refresh(); // so that the first change has something to differ from
      this.#rtt ??= (await regions) ?? undefined;
      signal?.throwIfAborted();
      this.#watch();
      this.#audio.begin();
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
    this.#voice.set(muted, muted && this.deafened);
  }

  /** @param {boolean} deafened nobody is heard, and nobody hears you */
  deafen(deafened) {
    this.#voice.set(this.muted, deafened);
  }

  /**
   * Publishes another source, on every connection, without any negotiation.
   * @param {string | MediaStream | MediaTrackConstraints} source
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old source then stays
   */
  async setMicrophone(source) {
    await this.#voice.setMicrophone(source);
  }

  /** Lets the browser play; call it from a click. */
  async resumeAudio() {
    return this.#audio.resume();
  }

  /** How loud the own microphone is now: 0 (-60 dB and below) … 1 (0 dB), muted or not. */
  level() {
    return this.#voice.level();
  }

  /** What each open connection has carried. */
  stats() {
    return Promise.all(this.connections().map(connectionStats));
  }

  /**
   * The state of everything, to be put into a bug report (`reportText` writes it for people).
   * @returns {Promise<import('./report/connection-report.js').ConnectionReport>}
   */
  async report() {
    const [nodes, transports] = await Promise.all([
      carryingNodes(this.#url, this.name, this.#session.token),
      Promise.all(this.connections().map(transportReport)),
    ]);
    const { name, number, identity, layout, region, muted, deafened, serverMuted } = this;
    return {
      at: new Date().toISOString(),
      browser: navigator.userAgent,
      channel: name,
      number, identity, layout, region, nodes,
      gateway: this.#session.gateway,
      regions: this.#rtt ?? null,
      quality: this.#quality?.latest ?? null,
      audio: { muted, deafened, serverMuted, talk: this.talk.mode.mode, microphone: this.microphone.label ?? null, sound: this.#audio.context.state },
      transports,
      log: this.#journal.lines,
    };
  }

  /** The peer connections, for tests and for the curious. */
  connections() {
    return this.#layouts.connections();
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

  /** Of the gateway's socket, whole. */
  get #url() {
    return new URL(this.#options.url ?? DEFAULT_URL, window.location.href).href.replace(/^http/, 'ws');
  }

  /** @param {{ mode: import('./types.js').Mode, epoch: number, peer: number | null }} purpose */
  #configuration(purpose) {
    /** @type {RTCConfiguration} */
    const configuration = { iceServers: this.#options.iceServers ?? this.#seat.iceServers };
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

  /** What the parts tell each other, and the listeners of the channel. */
  #listen() {
    this.#forward(this.#voice, 'state', 'transmitting', 'moderated', 'microphone');
    this.#forward(this.#layouts, 'mode', 'region');
    this.#forward(this.#seat, 'connectionState', 'roster', 'dominant', 'grants', 'moved', 'reconnecting', 'reconnected', 'error');
    this.devices.on('speaker', (speaker) => this.emit('speaker', speaker));
    this.devices.on('changed', (devices) => {
      void this.#voice.reconcile(devices.microphones);
      this.emit('devices', devices);
    });
    this.volumes.on('changed', (volume) => {
      this.#follower.update();
      this.emit('volume', volume);
    });
    this.#session.on('closed', (goodbye) => this.#close(goodbye));
  }

  /**
   * @template {keyof ChannelEvents} Name
   * @param {Emitter<Pick<ChannelEvents, Name>>} part
   * @param {...Name} names
   */
  #forward(part, ...names) {
    names.forEach((name) => part.on(name, (payload) => this.emit(name, payload)));
  }

  /** What goes on for as long as the channel lasts. */
  #watch() {
    const { context } = this.#audio;
    const played = () => {
      if (context.state === 'running') {
        this.#layouts.play();
      }
      this.emit('playback', { blocked: this.#audio.blocked });
    };
    context.addEventListener('statechange', played);
    const speaking = this.#speaking = new SpeakingMonitor({
      levels: () => this.#levels(),
      muted: (number) => this.#seat.member(number)?.muted !== false || this.#seat.member(number)?.serverMuted === true,
      changed: (numbers) => this.emit('speaking', numbers),
    });
    const quality = this.#quality = new QualityReports(this.#layouts);
    quality.on('quality', (figures) => this.#session.send({ type: 'quality', ...figures, ...this.#audio.takeNews() }));
    this.#forward(quality, 'quality');
    this.#cleanup.push(
      () => context.removeEventListener('statechange', played),
      () => speaking.close(),
      () => quality.close(),
      watchNetwork(() => {
        this.#session.hurry();
        this.#layouts.networkChanged();
      }),
    );
  }

  #levels() {
    const levels = this.#layouts.levels;
    if (this.transmitting) {
      levels.set(this.number, this.#voice.rms());
    }
    return levels;
  }

  #announce() {
    if (!this.#closed && this.layout) {
      this.emit('roster', { joined: [], changed: [], left: [], participants: this.roster });
      this.emit('mode', this.layout);
      this.emit('microphone', this.microphone);
      this.emit('playback', { blocked: this.playbackBlocked });
    }
  }

  /** @param {import('./signaling/socket.js').Goodbye} goodbye */
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
    this.#seat.close();
    this.#layouts.close();
    this.#follower.close();
    this.#voice.close();
    this.devices.close();
    this.#audio.close();
  }
}
