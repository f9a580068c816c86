// Written by the TypeScript compiler from the modules beside this file; docs/sdk.md explains the interface.
/**
 * An error with a code for programs and a sentence for people.
 *
 * `code` is one of the server's codes (docs/signaling.md: `channelFull`, `unauthorized`, `banned`, …) or one of the SDK's own:
 * `connectionFailed` (no gateway answers), `tokenFailed` (the token function threw), `microphoneDenied`, `microphoneMissing`,
 * `microphoneBusy`, `microphoneFailed`, `speakerMissing`, `badVolume`, `badTalkMode`, `unsupportedBrowser`, `closed` (you left the
 * channel).
 */
export class VoiceError extends Error {
  /**
   * @param {string} code
   * @param {string} message a sentence for people that says what to do next
   * @param {{ retryable?: boolean, retryAfterMs?: number, cause?: unknown }} [details]
   */
  constructor(code: string, message: string, { retryable, retryAfterMs, cause }?: {
    retryable?: boolean;
    retryAfterMs?: number;
    cause?: unknown;
  });
  /** @readonly */
  readonly code: string;
  /** The same call may succeed later, without any change. @readonly */
  readonly retryable: boolean;
  /** The time in milliseconds that the server asks you to wait, if it names one. @readonly */
  readonly retryAfterMs: number | undefined;
}

export type Mode = "p2p" | "sfu";

/**
 * The reason for which a layout was opened.
 */
export type LayoutReason = "created"
  | "aboveThreshold"
  | "belowReturnThreshold"
  | "policy"
  | "peerConnectionFailed"
  | "nodeLost"
  | "noMediaNode"
  | "requested"
  | "nodeDraining";

/**
 * The reason for which a participant left.
 */
export type LeaveReason = "left"
  | "timedOut"
  | "replaced"
  | "kicked"
  | "banned"
  | "channelClosed"
  | "mediaUnavailable"
  | "moved"
  | "revoked";

/**
 * The state of the socket to the gateway; audio continues while `reconnecting`.
 */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

export type QualityGrade = "unknown" | "lost" | "poor" | "good" | "excellent";

export type Grant = "join" | "speak" | "listen" | "moderate";

export type Fault = "dropSocket" | "switchMode" | "moveRoom";

/**
 * One layout of a channel. Epochs only increase.
 */
export type Layout = {
  mode: Mode;
  epoch: number;
  reason: LayoutReason;
};

/**
 * The layout that plays, and `next`, the one that is being prepared beside it.
 */
export type LayoutState = Layout & {
  switching: boolean;
  next?: Layout;
};

/**
 * The settings of a channel that concern clients.
 */
export type Settings = {
  mode: "auto" | Mode;
  p2pThreshold: number;
  slots: number;
  name?: string;
  metadata?: string;
};

/**
 * A participant of the channel, as the server describes it.
 */
export type Participant = {
  /**
   * unique in the channel, never reused
   */
  number: number;
  identity: string;
  name: string;
  muted: boolean;
  deafened: boolean;
  serverMuted: boolean;
  /**
   * the signaling socket is lost; media may continue
   */
  away: boolean;
  quality: QualityGrade;
  /**
   * the first layout that the participant is part of
   */
  sinceEpoch: number;
  /**
   * set by the application
   */
  attributes?: Record<string, string> | undefined;
};

/**
 * A participant that left, with its last state.
 */
export type Departure = {
  number: number;
  reason: LeaveReason;
  participant: Participant;
};

export type RosterChange = {
  joined: Participant[];
  changed: Participant[];
  left: Departure[];
};

export type Quality = {
  rttMs: number;
  lossPercent: number;
  jitterMs: number;
};

/**
 * The volume at which a listener wants to hear a participant: 0…2, and not at all while `silenced`.
 */
export type ParticipantVolume = {
  volume: number;
  silenced: boolean;
};

/**
 * The condition under which the microphone transmits. `threshold` is a level (0: -60 dB … 1: 0 dB, the scale of `level()`), default 0.3;
 * `hangMs` is the time that it stays open after the key is released or the last word is spoken, default 150 and 500.
 */
export type TalkMode = {
  mode: "open";
} | {
  mode: "pushToTalk";
  hangMs?: number;
} | {
  mode: "voiceActivation";
  threshold?: number;
  hangMs?: number;
};

export type Device = {
  deviceId: string;
  label: string;
};

export type DeviceList = {
  microphones: Device[];
  speakers: Device[];
};

export type MicrophoneState = {
  available: boolean;
  deviceId?: string;
  label?: string;
  error?: VoiceError;
};

/**
 * An open connection to a participant (`peer`) or to a media node (`region`).
 */
export type Connection = {
  pc: RTCPeerConnection;
  mode: Mode;
  epoch: number;
  peer: number | null;
  region: string | null;
};

/**
 * The purpose of one connection: `peer` is null for a media node.
 */
export type ConnectionPurpose = {
  mode: Mode;
  epoch: number;
  peer: number | null;
};

export type JoinOptions = {
  /**
   * a JWT, or a function that makes one for the channel it is
   * given; the SDK calls it again whenever it needs a new session
   */
  token: string | ((channel: string) => string | Promise<string>);
  /**
   * of the gateway's socket; default: the gateway that this file was loaded from
   */
  url?: string | undefined;
  /**
   * a device id, a stream of yours (never stopped by
   * the SDK), constraints, or false to listen only; default: the system's microphone
   */
  microphone?: string | false | MediaTrackConstraints | MediaStream | undefined;
  /**
   * default false
   */
  muted?: boolean | undefined;
  /**
   * default false
   */
  deafened?: boolean | undefined;
  /**
   * default open
   */
  talk?: TalkMode | undefined;
  /**
   * id of the output device, in browsers that let a page choose; default: the system's
   */
  speaker?: string | undefined;
  /**
   * replaces the servers that the gateway names
   */
  iceServers?: RTCIceServer[] | undefined;
  /**
   * in a mesh, connects through TURN servers only, so that the other participants do not see your
   * address; without a TURN server a mesh cannot connect, and the channel changes to `sfu`; default false
   */
  relayOnly?: boolean | undefined;
  /**
   * returns the final configuration of each connection
   */
  rtcConfiguration?: ((configuration: RTCConfiguration, purpose: ConnectionPurpose) => RTCConfiguration) | undefined;
  /**
   * one of yours (never closed by the SDK); default: a new one
   */
  audioContext?: AudioContext | undefined;
  /**
   * milliseconds until a transport that has not connected is reported as failed, default 10,000
   */
  connectTimeout?: number | undefined;
  /**
   * minimum milliseconds in every receiver's jitter buffer, default 60; null: the
   * browser's choice, which makes switches audible
   */
  jitterBufferTarget?: number | null | undefined;
  /**
   * round-trip milliseconds to the regions, by name; default: the SDK measures them before it
   * joins if there are several regions
   */
  rtt?: Record<string, number> | undefined;
  /**
   * cancels joining
   */
  signal?: AbortSignal | undefined;
};

/**
 * The events of a channel, with their payloads.
 */
export type ChannelEvents = {
  roster: RosterChange & {
    participants: Participant[];
  };
  mode: LayoutState;
  /**
   * the region of the media node that serves you; null: none does
   */
  region: string | null;
  /**
   * the numbers that speak now, yourself included
   */
  speaking: Set<number>;
  dominant: number | null;
  /**
   * your own, every five seconds
   */
  quality: Quality;
  connectionState: ConnectionState;
  reconnecting: {
    attempt: number;
    retryInMs: number;
  };
  /**
   * resumed false: a new session with a new number; the SDK rebuilt its media
   */
  reconnected: {
    resumed: boolean;
    number: number;
  };
  moderated: {
    serverMuted: boolean;
  };
  /**
   * a moderator changed your grants
   */
  grants: Grant[];
  /**
   * a moderator moved you to another channel, where you have another number
   */
  moved: {
    from: string;
    to: string;
    number: number;
  };
  /**
   * lost: the name of the unplugged microphone that this one replaces
   */
  microphone: MicrophoneState & {
    lost?: string;
  };
  /**
   * a device was plugged in or unplugged
   */
  devices: DeviceList;
  /**
   * audio plays on another device; lost: the name of the unplugged one
   */
  speaker: {
    deviceId: string;
    lost?: string;
  };
  /**
   * you changed the volume of a participant
   */
  volume: {
    number: number;
  } & ParticipantVolume;
  /**
   * your speech is sent: you are not muted, and the talk mode is open
   */
  transmitting: boolean;
  /**
   * blocked: the browser requires a click first; call `resumeAudio()` in it
   */
  playback: {
    blocked: boolean;
  };
  /**
   * your own flags
   */
  state: {
    muted: boolean;
    deafened: boolean;
  };
  error: VoiceError;
  closed: {
    reason: string;
    reconnect: boolean;
    message: string;
  };
};

/**
 * A source of named events with typed payloads. An exception in one listener does not affect the next one: it goes to the page's own
 * error handler.
 *
 * @template {object} Events name → payload
 */
declare class Emitter<Events extends object> {
  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(payload: Events[Name]) => void} listener
   * @returns {() => void} removes the listener
   */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(payload: Events[Name]) => void} listener
   */
  off<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): void;
  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(payload: Events[Name]) => void} listener
   * @returns {() => void} removes the listener
   */
  once<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  #private;
}

/**
 * This listener's volume of each other participant: 0…2, or silenced. It stays in this client. It is stored by identity, so that a
 * participant that leaves and returns with another number keeps its volume.
 *
 * @extends {Emitter<{ changed: { number: number } & ParticipantVolume }>}
 */
declare class Volumes extends Emitter<{
  changed: {
    number: number;
  } & ParticipantVolume;
}> {
  private constructor();
  /**
   * @param {number} number of a participant
   * @returns {ParticipantVolume}
   */
  of(number: number): ParticipantVolume;
  /**
   * @param {number} number of a participant
   * @param {number} volume 0…2; 1 is as loud as sent
   */
  set(number: number, volume: number): void;
  /**
   * Mutes a participant for this listener alone; only a moderator can mute it for everyone.
   * @param {number} number of a participant
   * @param {boolean} silenced the volume stays stored meanwhile
   */
  silence(number: number, silenced: boolean): void;
  #private;
}

/**
 * The microphones and outputs as they are plugged in and unplugged, and the output in use.
 *
 * @extends {Emitter<{ changed: DeviceList, speaker: { deviceId: string, lost?: string } }>}
 */
declare class Devices extends Emitter<{
  changed: DeviceList;
  speaker: {
    deviceId: string;
    lost?: string;
  };
}> {
  private constructor();
  /**
   * The present devices. Browsers name none before the user has allowed the microphone.
   * @returns {Promise<DeviceList>}
   */
  list(): Promise<DeviceList>;
  /** This browser lets a page choose the output; elsewhere the voices play on the system's. */
  get canChooseSpeaker(): boolean;
  /** The output device in use; empty: the system's choice. */
  get speaker(): string;
  /**
   * @param {string} deviceId empty: the system's choice
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old one then stays
   */
  setSpeaker(deviceId: string): Promise<void>;
  #private;
}

/**
 * Moderates the participants of your channel: makes the calls of docs/rest.md with the token that joined. Each call resolves when the
 * server has carried it out, and rejects with a {@link VoiceError}: `forbidden` if the token does not allow it.
 */
declare class Moderation {
  private constructor();
  /** The token has the grant `moderate` for this channel, as far as the client can read it: for what to show. The server decides. */
  get allowed(): boolean;
  /**
   * Mutes the participant for everyone, until {@link unmute}.
   * @param {number} number
   */
  mute(number: number): Promise<void>;
  /** @param {number} number */
  unmute(number: number): Promise<void>;
  /**
   * Ends the participant's session; the participant may join again.
   * @param {number} number
   */
  kick(number: number): Promise<void>;
  /**
   * Moves the participant to another channel, without a new join.
   * @param {number} number
   * @param {string} channel
   */
  move(number: number, channel: string): Promise<void>;
  #private;
}

/**
 * The counters of one connection since it was opened.
 */
export type ConnectionStats = {
  mode: Mode;
  epoch: number;
  /**
   * null: a media node
   */
  peer: number | null;
  state: RTCPeerConnectionState;
  rttMs: number | null;
  /**
   * the worst of the received streams
   */
  jitterMs: number;
  packetsSent: number;
  packetsReceived: number;
  packetsLost: number;
  bytesSent: number;
  bytesReceived: number;
};

/**
 * One direction of a transport.
 */
export type DirectionReport = {
  /**
   * `opus 48000/2`, with its parameters
   */
  codec: string | null;
  packets: number;
  /**
   * sent: as the receiver reports it; received: of the expected packets
   */
  lossPercent: number | null;
  jitterMs: number | null;
};

/**
 * One transport.
 */
export type TransportReport = {
  mode: Mode;
  epoch: number;
  /**
   * the participant at the other end; null: a media node
   */
  peer: number | null;
  /**
   * of that node; null in a mesh
   */
  region: string | null;
  state: RTCPeerConnectionState;
  rttMs: number | null;
  /**
   * null: not connected
   */
  path: "direct" | "relay" | null;
  /**
   * type and protocol of the candidate, without an address:
   * `host/udp`, `srflx/udp`, `prflx/udp`, `relay/udp (over tls)`
   */
  local: string | null;
  remote: string | null;
  /**
   * DTLS version and SRTP profile
   */
  security: string | null;
  sent: DirectionReport;
  /**
   * concealed: audio that the
   * decoder had to synthesise; buffer: the time that packets wait until they are played
   */
  received: DirectionReport & {
    concealedPercent: number | null;
    bufferMs: number | null;
  };
};

export type AudioReport = {
  muted: boolean;
  deafened: boolean;
  serverMuted: boolean;
  talk: string;
  microphone: string | null;
  sound: AudioContextState;
};

/**
 * The state of a channel for a bug report. It contains no addresses, no tokens, and no names of other people.
 */
export type ConnectionReport = {
  /**
   * ISO 8601
   */
  at: string;
  browser: string;
  channel: string;
  number: number;
  identity: string;
  layout: LayoutState | null;
  gateway: string;
  /**
   * of the media node that serves you; null: peer to peer
   */
  region: string | null;
  /**
   * all that carry the channel; null: the token
   * does not permit it
   */
  nodes: {
    node: string;
    region: string;
    epoch: number;
  }[] | null;
  /**
   * round-trip milliseconds measured before joining, by name;
   * null: there is only one region
   */
  regions: Record<string, number> | null;
  /**
   * over the last five seconds
   */
  quality: Quality | null;
  audio: AudioReport;
  transports: TransportReport[];
  /**
   * the most recent events, with seconds since joining
   */
  log: string[];
};

/**
 * The condition under which the microphone transmits: always, while a key is held, or while it picks up speech. Muting is independent of
 * it.
 *
 * @extends {Emitter<{ changed: boolean }>}
 */
declare class Talk extends Emitter<{
  changed: boolean;
}> {
  private constructor();
  get mode(): TalkMode;
  /** Speech is sent now, unless you are muted. */
  get open(): boolean;
  /** @param {TalkMode} mode */
  use(mode: TalkMode): void;
  /** Starts transmitting in the mode `pushToTalk`, until {@link release}: call it when the key or button is pressed. */
  press(): void;
  release(): void;
  #private;
}

/**
 * Your session in a voice channel, from `join`. Its parts do the work: {@link Session} owns the socket and the tokens,
 * {@link ChannelState} applies the server's messages, {@link LayoutSwitch} owns the connections, {@link OwnVoice} the microphone, and
 * {@link AudioEngine} the playback.
 * @extends {Emitter<ChannelEvents>}
 */
export class VoiceChannel extends Emitter<ChannelEvents> {
  private constructor();
  /** The volume of each participant. @readonly */
  readonly volumes: Volumes;
  /** The condition under which your microphone transmits. @readonly */
  readonly talk: Talk;
  /** The microphones and outputs that are plugged in. @readonly */
  readonly devices: Devices;
  /** Mutes, unmutes, kicks and moves participants, if the token allows it. @readonly */
  readonly moderate: Moderation;
  /** The channel that you are in: a moderator may move you to another one. */
  get name(): string;
  /** Your number in the channel. */
  get number(): number;
  get identity(): string;
  /** Everyone in the channel, yourself included. */
  get roster(): Participant[];
  /** The channel's settings: its mode, when the mode changes, its name and metadata. */
  get settings(): Settings | null;
  /** The state of the socket to the gateway. */
  get connectionState(): ConnectionState;
  /** The layout that plays, and the one that is being prepared. */
  get layout(): LayoutState | null;
  /** The region of the media node that serves you; null: none does. */
  get region(): string | null;
  /**
   * The numbers that speak now.
   * @returns {Set<number>}
   */
  get speaking(): Set<number>;
  get dominant(): number | null;
  get muted(): boolean;
  get deafened(): boolean;
  get serverMuted(): boolean;
  /**
   * Your permissions.
   * @returns {readonly Grant[]}
   */
  get grants(): readonly Grant[];
  /** Your speech is sent: you are not muted, and the talk mode is open. */
  get transmitting(): boolean;
  /** @returns {MicrophoneState} */
  get microphone(): MicrophoneState;
  /**
   * The audio node to which the SDK mixes all received audio.
   * @returns {AudioNode}
   */
  get output(): AudioNode;
  /** The browser plays nothing before a click of the user: call {@link resumeAudio} in it. */
  get playbackBlocked(): boolean;
  /** @param {boolean} muted false also undeafens */
  mute(muted: boolean): void;
  /** @param {boolean} deafened true: you hear no participant, and no participant hears you */
  deafen(deafened: boolean): void;
  /**
   * Publishes another source on every connection, without negotiation.
   * @param {string | MediaStream | MediaTrackConstraints} source
   * @returns {Promise<void>} rejects with a {@link VoiceError}; the old source then stays
   */
  setMicrophone(source: string | MediaStream | MediaTrackConstraints): Promise<void>;
  /** Starts playback; call it from a click. */
  resumeAudio(): Promise<boolean>;
  /** The present loudness of your microphone, muted or not: 0 (-60 dB and below) … 1 (0 dB). */
  level(): number;
  /**
   * Counters of each open connection.
   * @returns {Promise<ConnectionStats[]>}
   */
  stats(): Promise<ConnectionStats[]>;
  /**
   * The complete state, for a bug report (`reportText` formats it for people).
   * @returns {Promise<ConnectionReport>}
   */
  report(): Promise<ConnectionReport>;
  /**
   * The peer connections, for tests and diagnostics.
   * @returns {Connection[]}
   */
  connections(): Connection[];
  /**
   * Asks the server for a fault that users can experience (Development only; elsewhere the `error` event reports `unsupported`).
   * @param {Fault} fault
   */
  simulate(fault: Fault): void;
  leave(): void;
  #private;
}

/**
 * Formats a report as text, for people.
 * @param {ConnectionReport} report
 * @returns {string}
 */
export function reportText(report: ConnectionReport): string;

/**
 * Transmits while a key is held, in the mode `pushToTalk`. It ignores the key while the user types text. On a button that was reached
 * with the keyboard, Space and Enter still press the button. A held key counts as released when the page loses the keyboard.
 *
 * @param {VoiceChannel} channel
 * @param {string} code of the key, as in `KeyboardEvent.code`: its position on the keyboard, whatever is printed on it
 * @returns {() => void} removes the key again
 */
export function holdToTalk(channel: VoiceChannel, code: string): () => void;

/**
 * Joins a voice channel.
 *
 * ```js
 * import { join } from 'https://voice.example.org/sdk/hype-voice.js';
 *
 * const channel = await join('lobby', { token: () => fetchToken('lobby') });
 * channel.on('speaking', (numbers) => highlight(numbers));
 * channel.on('mode', ({ mode, switching }) => show(switching ? 'switching…' : mode));
 * channel.mute(true);
 * ```
 *
 * docs/sdk.md describes the rest.
 *
 * Call it from a click: browsers play no sound before the user has interacted with the page (the `playback` event reports it). Without a
 * microphone you join as a listener (the `microphone` event reports why). `roster`, `mode`, `microphone` and `playback` are each emitted
 * once right after joining, so listeners that you add when this promise resolves miss nothing.
 *
 * @param {string} name of the channel
 * @param {JoinOptions} options
 * @returns {Promise<VoiceChannel>} rejects with a {@link VoiceError}
 */
export function join(name: string, options: JoinOptions): Promise<VoiceChannel>;

export {};
