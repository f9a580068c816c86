// @ts-check
import { AudioEngine } from './audio/audio-engine.js';
import { Devices } from './audio/devices.js';
import { Microphone } from './audio/microphone.js';
import { OwnVoice } from './audio/own-voice.js';
import { SpeakingMonitor } from './audio/speaking.js';
import { Volumes } from './audio/volumes.js';
import { Emitter } from './emitter.js';
import { VoiceError } from './errors.js';
import { carryingNodes, transportReport } from './report/connection-report.js';
import { Journal } from './report/journal.js';
import { connectionStats } from './report/quality.js';
import { QualityReports } from './report/quality-reports.js';
import { ChannelState } from './signaling/channel-state.js';
import { Moderation } from './signaling/moderation.js';
import { measureRegions } from './signaling/regions.js';
import { Roster } from './signaling/roster.js';
import { Session } from './signaling/session.js';
import { IceConfiguration } from './transport/ice-configuration.js';
import { LayoutSwitch } from './transport/layout-switch.js';
import { watchNetwork } from './transport/network.js';
import { SlotFollower } from './transport/slot-follower.js';

/** @import { ChannelEvents, Connection, Fault, Grant, JoinOptions, MicrophoneState } from './types.js' */
/** @import { ConnectionReport } from './report/connection-report.js' */
/** @import { ConnectionStats } from './report/quality.js' */
/** @import { CloseInfo } from './signaling/socket.js' */

/** The gateway serves this file, so its socket has the same origin, whatever the page's own address is. */
const DEFAULT_URL = new URL('../api/voice/ws', import.meta.url).href.replace(/^http/, 'ws');

/**
 * Your session in a voice channel, from `join`. Its parts do the work: {@link Session} owns the socket and the tokens,
 * {@link ChannelState} applies the server's messages, {@link LayoutSwitch} owns the connections, {@link OwnVoice} the microphone, and
 * {@link AudioEngine} the playback.
 * @extends {Emitter<ChannelEvents>}
 */
export class VoiceChannel extends Emitter {
  #options;
  #audio;
  #roster = new Roster();
  #session;
  #layouts;
  #voice;
  #state;
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
   * @internal
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
    const audio = this.#audio = new AudioEngine(options.audioContext);
    const roster = this.#roster;
    const session = this.#session = new Session({ url: this.#url, channel: name, token: options.token });
    const microphone = new Microphone(audio.context);
    const ice = new IceConfiguration(options);
    /** The volume of each participant. @readonly */
    this.volumes = new Volumes(roster);
    this.#layouts = new LayoutSwitch({
      session, roster, microphone, audio, ice,
      volumes: this.volumes,
      connectTimeoutMs: options.connectTimeout ?? 10_000,
      jitterBufferTargetMs: options.jitterBufferTarget === undefined ? 60 : options.jitterBufferTarget,
    });
    this.#voice = new OwnVoice({ audio, microphone, layouts: this.#layouts }, options);
    this.#state = new ChannelState({ session, roster, ice, layouts: this.#layouts, voice: this.#voice });
    this.#follower = new SlotFollower(audio.context, this.volumes, this.#layouts);
    /** The condition under which your microphone transmits. @readonly */
    this.talk = this.#voice.talk;
    /** The microphones and outputs that are plugged in. @readonly */
    this.devices = new Devices(audio.context);
    /** Mutes, unmutes, kicks and moves participants, if the token allows it. @readonly */
    this.moderate = new Moderation(this.#url, session);
    this.#journal = new Journal(this);
    this.#listen();
  }

  /** The channel that you are in: a moderator may move you to another one. */
  get name() {
    return this.#session.channel;
  }

  /** Your number in the channel. */
  get number() {
    return this.#roster.self;
  }

  get identity() {
    return this.#state.identity;
  }

  /** Everyone in the channel, yourself included. */
  get roster() {
    return this.#roster.participants;
  }

  /** The channel's settings: its mode, when the mode changes, its name and metadata. */
  get settings() {
    return this.#state.settings;
  }

  /** The state of the socket to the gateway. */
  get connectionState() {
    return this.#state.connection;
  }

  /** The layout that plays, and the one that is being prepared. */
  get layout() {
    return this.#layouts.state;
  }

  /** The region of the media node that serves you; null: none does. */
  get region() {
    return this.#layouts.region;
  }

  /**
   * The numbers that speak now.
   * @returns {Set<number>}
   */
  get speaking() {
    return this.#speaking?.speaking ?? new Set();
  }

  get dominant() {
    return this.#state.dominant;
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

  /**
   * Your permissions.
   * @returns {readonly Grant[]}
   */
  get grants() {
    return this.#voice.grants;
  }

  /** Your speech is sent: you are not muted, and the talk mode is open. */
  get transmitting() {
    return this.#voice.transmitting;
  }

  /** @returns {MicrophoneState} */
  get microphone() {
    return this.#voice.microphone;
  }

  /**
   * The audio node to which the SDK mixes all received audio.
   * @returns {AudioNode}
   */
  get output() {
    return this.#audio.output;
  }

  /** The browser plays nothing before a click of the user: call {@link resumeAudio} in it. */
  get playbackBlocked() {
    return this.#audio.blocked;
  }

  /**
   * Joins; `join` has called it.
   * @internal
   */
  async open() {
    const { signal, speaker } = this.#options;
    const abort = () => this.#close({ reason: 'left', reconnect: false, message: 'Joining was cancelled.' });
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      void this.#audio.resume();
      if (speaker) {
        await this.devices.setSpeaker(speaker).catch(() => undefined); // the device is not plugged in at the moment
      }
      const regions = this.#rtt ? null : measureRegions(this.#url);
      // The microphone comes first: once it is granted, browsers reveal their real addresses to peers, and pairs in one network connect.
      await this.#voice.open(this.#options);
      void this.devices.refresh(); // the baseline for the first change
      this.#rtt ??= (await regions) ?? undefined;
      signal?.throwIfAborted();
      this.#watch();
      this.#audio.startClock();
      await this.#session.connect(() => ({ ...this.#voice.flags, ...(this.#rtt && { rtt: this.#rtt }) }));
    } catch (error) {
      this.#release();
      throw signal?.aborted ? new VoiceError('closed', 'Joining was cancelled.', { cause: error }) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    setTimeout(() => this.#announce());
  }

  /** @param {boolean} muted false also undeafens */
  mute(muted) {
    this.#voice.set(muted, muted && this.deafened);
  }

  /** @param {boolean} deafened true: you hear no participant, and no participant hears you */
  deafen(deafened) {
    this.#voice.set(this.muted, deafened);
  }

  /**
   * Publishes another source on every connection, without negotiation.
   * @param {string | MediaStream | MediaTrackConstraints} source
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old source then stays
   */
  async setMicrophone(source) {
    await this.#voice.setMicrophone(source);
  }

  /** Starts playback; call it from a click. */
  async resumeAudio() {
    return this.#audio.resume();
  }

  /** The present loudness of your microphone, muted or not: 0 (-60 dB and below) … 1 (0 dB). */
  level() {
    return this.#voice.level();
  }

  /**
   * Counters of each open connection.
   * @returns {Promise<ConnectionStats[]>}
   */
  stats() {
    return Promise.all(this.connections().map(connectionStats));
  }

  /**
   * The complete state, for a bug report (`reportText` formats it for people).
   * @returns {Promise<ConnectionReport>}
   */
  async report() {
    const [nodes, transports] = await Promise.all([
      carryingNodes(this.#url, this.name, this.#session.token),
      Promise.all(this.connections().map(transportReport)),
    ]);
    const { name, number, identity, layout, region, muted, deafened, serverMuted } = this;
    const { context } = this.#audio;
    return {
      at: new Date().toISOString(),
      browser: navigator.userAgent,
      channel: name,
      number, identity, layout, region, nodes,
      gateway: this.#session.gateway,
      regions: this.#rtt ?? null,
      quality: this.#quality?.latest ?? null,
      audio: { muted, deafened, serverMuted, talk: this.talk.mode.mode, microphone: this.microphone.label ?? null, sound: context.state },
      transports,
      log: this.#journal.lines,
    };
  }

  /**
   * The peer connections, for tests and diagnostics.
   * @returns {Connection[]}
   */
  connections() {
    return this.#layouts.connections();
  }

  /**
   * Asks the server for a fault that users can experience (Development only; elsewhere the `error` event reports `unsupported`).
   * @param {Fault} fault
   */
  simulate(fault) {
    this.#session.send({ type: 'simulate', fault });
  }

  leave() {
    this.#session.leave();
  }

  /** The absolute URL of the gateway's socket. */
  get #url() {
    return new URL(this.#options.url ?? DEFAULT_URL, window.location.href).href.replace(/^http/, 'ws');
  }

  /** Connects the events of the parts with each other and with the listeners of the channel. */
  #listen() {
    this.#forward(this.#voice, 'state', 'transmitting', 'moderated', 'microphone');
    this.#forward(this.#layouts, 'mode', 'region');
    this.#forward(this.#state, 'connectionState', 'roster', 'dominant', 'grants', 'moved', 'reconnecting', 'reconnected', 'error');
    this.devices.on('speaker', (speaker) => this.emit('speaker', speaker));
    this.devices.on('changed', (devices) => {
      void this.#voice.reconcile(devices.microphones);
      this.emit('devices', devices);
    });
    this.volumes.on('changed', (volume) => {
      this.#follower.update();
      this.emit('volume', volume);
    });
    this.#session.on('closed', (info) => this.#close(info));
  }

  /**
   * @template {keyof ChannelEvents} Name
   * @param {Emitter<Pick<ChannelEvents, Name>>} part
   * @param {...Name} names
   */
  #forward(part, ...names) {
    names.forEach((name) => part.on(name, (payload) => this.emit(name, payload)));
  }

  /** Starts the monitors that run until the channel is closed. */
  #watch() {
    const { context } = this.#audio;
    const onPlayback = () => {
      if (context.state === 'running') {
        this.#layouts.play();
      }
      this.emit('playback', { blocked: this.#audio.blocked });
    };
    context.addEventListener('statechange', onPlayback);
    const speaking = this.#speaking = new SpeakingMonitor({
      levels: () => this.#levels(),
      muted: (number) => this.#roster.get(number)?.muted !== false || this.#roster.get(number)?.serverMuted === true,
      changed: (numbers) => this.emit('speaking', numbers),
    });
    const quality = this.#quality = new QualityReports(this.#layouts);
    quality.on('quality', (figures) => this.#session.send({ type: 'quality', ...figures, ...this.#audio.takeFigures() }));
    this.#forward(quality, 'quality');
    this.#cleanup.push(
      () => context.removeEventListener('statechange', onPlayback),
      () => speaking.close(),
      () => quality.close(),
      watchNetwork(() => {
        this.#session.retryNow();
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

  /** @param {CloseInfo} info */
  #close(info) {
    if (!this.#closed) {
      this.#release();
      this.emit('closed', info);
    }
  }

  #release() {
    this.#closed = true;
    this.#cleanup.splice(0).forEach((clean) => clean());
    this.#session.leave();
    this.#state.close();
    this.#layouts.close();
    this.#follower.close();
    this.#voice.close();
    this.devices.close();
    this.#audio.close();
  }
}
