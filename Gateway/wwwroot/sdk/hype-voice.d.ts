// For TypeScript: what hype-voice.js exports. docs/sdk.md explains it; a test holds it against the modules.

export type Mode = 'p2p' | 'sfu';
export type LayoutReason = 'created' | 'aboveThreshold' | 'belowReturnThreshold' | 'policy' | 'peerConnectionFailed' | 'nodeLost' | 'noMediaNode' | 'requested' | 'nodeDraining';
export type LeaveReason = 'left' | 'timedOut' | 'replaced' | 'kicked' | 'banned' | 'channelClosed' | 'mediaUnavailable' | 'moved' | 'revoked';
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'closed';
export type QualityGrade = 'unknown' | 'lost' | 'poor' | 'good' | 'excellent';
export type Grant = 'join' | 'speak' | 'listen' | 'moderate';
export type Fault = 'dropSocket' | 'switchMode' | 'moveRoom';

export interface Layout { mode: Mode; epoch: number; reason: LayoutReason }
export type LayoutState = Layout & { switching: boolean; next?: Layout };
export interface Settings { mode: 'auto' | Mode; p2pThreshold: number; slots: number; name?: string; metadata?: string }
export interface Quality { rttMs: number; lossPercent: number; jitterMs: number }
export interface MemberVolume { volume: number; silenced: boolean }
export interface Device { deviceId: string; label: string }
export interface DeviceList { microphones: Device[]; speakers: Device[] }
export type TalkMode = { mode: 'open' } | { mode: 'pushToTalk'; hangMs?: number } | { mode: 'voiceActivation'; threshold?: number; hangMs?: number };

export interface Participant {
  /** Unique in the channel, never reused. */
  number: number;
  identity: string;
  name: string;
  muted: boolean;
  deafened: boolean;
  serverMuted: boolean;
  /** The socket is lost; the media may go on. */
  away: boolean;
  quality: QualityGrade;
  sinceEpoch: number;
  /** The application's own. */
  attributes?: Record<string, string>;
}

export interface RosterChange {
  joined: Participant[];
  changed: Participant[];
  left: { number: number; reason: LeaveReason; participant: Participant }[];
}

export interface MicrophoneState { available: boolean; deviceId?: string; label?: string; error?: VoiceError }

/** An open connection to a member (`peer`) or to a media node (`region`). */
export interface Connection { pc: RTCPeerConnection; mode: Mode; epoch: number; peer: number | null; region: string | null }

export interface JoinOptions {
  token: string | ((channel: string) => string | Promise<string>);
  url?: string;
  microphone?: string | MediaStream | MediaTrackConstraints | false;
  speaker?: string;
  talk?: TalkMode;
  muted?: boolean;
  deafened?: boolean;
  iceServers?: RTCIceServer[];
  rtcConfiguration?: (configuration: RTCConfiguration, purpose: { mode: Mode; epoch: number; peer: number | null }) => RTCConfiguration;
  audioContext?: AudioContext;
  connectTimeout?: number;
  jitterBufferTarget?: number | null;
  rtt?: Record<string, number>;
  signal?: AbortSignal;
}

export interface ChannelEvents {
  connectionState: ConnectionState;
  roster: RosterChange & { participants: Participant[] };
  mode: LayoutState;
  region: string | null;
  speaking: Set<number>;
  dominant: number | null;
  state: { muted: boolean; deafened: boolean };
  transmitting: boolean;
  moderated: { serverMuted: boolean };
  grants: Grant[];
  moved: { from: string; to: string; number: number };
  volume: { number: number } & MemberVolume;
  microphone: MicrophoneState & { lost?: string };
  devices: DeviceList;
  speaker: { deviceId: string; lost?: string };
  playback: { blocked: boolean };
  quality: Quality;
  reconnecting: { attempt: number; retryInMs: number };
  reconnected: { resumed: boolean; number: number };
  error: VoiceError;
  closed: { reason: string; reconnect: boolean; message: string };
}

export class VoiceError extends Error {
  constructor(code: string, message: string, details?: { retryable?: boolean; retryAfterMs?: number; cause?: unknown });
  /** For code to test: docs/signaling.md and docs/sdk.md list them. */
  readonly code: string;
  /** The same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
}

export class VoiceChannel {
  private constructor();

  readonly name: string;
  readonly number: number;
  readonly identity: string;
  readonly roster: Participant[];
  readonly settings: Settings | null;
  readonly connectionState: ConnectionState;
  readonly layout: LayoutState | null;
  readonly region: string | null;
  readonly speaking: Set<number>;
  readonly dominant: number | null;
  readonly muted: boolean;
  readonly deafened: boolean;
  readonly serverMuted: boolean;
  readonly grants: readonly Grant[];
  readonly transmitting: boolean;
  readonly microphone: MicrophoneState;
  readonly output: AudioNode;
  readonly playbackBlocked: boolean;

  mute(muted: boolean): void;
  deafen(deafened: boolean): void;
  setMicrophone(source: string | MediaStream | MediaTrackConstraints): Promise<void>;
  resumeAudio(): Promise<boolean>;
  level(): number;
  leave(): void;

  readonly volumes: {
    of(number: number): MemberVolume;
    set(number: number, volume: number): void;
    silence(number: number, silenced: boolean): void;
  };

  readonly talk: {
    readonly mode: TalkMode;
    readonly open: boolean;
    use(mode: TalkMode): void;
    press(): void;
    release(): void;
  };

  readonly devices: {
    readonly speaker: string;
    readonly canChooseSpeaker: boolean;
    list(): Promise<DeviceList>;
    setSpeaker(deviceId: string): Promise<void>;
  };

  readonly moderate: {
    readonly allowed: boolean;
    mute(number: number): Promise<void>;
    unmute(number: number): Promise<void>;
    kick(number: number): Promise<void>;
    move(number: number, channel: string): Promise<void>;
  };

  report(): Promise<ConnectionReport>;
  stats(): Promise<ConnectionStats[]>;
  connections(): Connection[];
  simulate(fault: Fault): void;

  on<Name extends keyof ChannelEvents>(name: Name, listener: (payload: ChannelEvents[Name]) => void): () => void;
  once<Name extends keyof ChannelEvents>(name: Name, listener: (payload: ChannelEvents[Name]) => void): () => void;
  off<Name extends keyof ChannelEvents>(name: Name, listener: (payload: ChannelEvents[Name]) => void): void;
}

export interface ConnectionStats {
  mode: Mode;
  epoch: number;
  peer: number | null;
  state: RTCPeerConnectionState;
  rttMs: number | null;
  jitterMs: number;
  packetsSent: number;
  packetsReceived: number;
  packetsLost: number;
  bytesSent: number;
  bytesReceived: number;
}

export interface DirectionReport { codec: string | null; packets: number; lossPercent: number | null; jitterMs: number | null }

export interface TransportReport {
  mode: Mode;
  epoch: number;
  peer: number | null;
  region: string | null;
  state: RTCPeerConnectionState;
  rttMs: number | null;
  path: 'direct' | 'relay' | null;
  local: string | null;
  remote: string | null;
  security: string | null;
  sent: DirectionReport;
  received: DirectionReport & { concealedPercent: number | null; bufferMs: number | null };
}

export interface ConnectionReport {
  at: string;
  browser: string;
  channel: string;
  number: number;
  identity: string;
  layout: LayoutState | null;
  gateway: string;
  region: string | null;
  nodes: { node: string; region: string; epoch: number }[] | null;
  regions: Record<string, number> | null;
  quality: Quality | null;
  audio: { muted: boolean; deafened: boolean; serverMuted: boolean; talk: string; microphone: string | null; sound: AudioContextState };
  transports: TransportReport[];
  log: string[];
}

export function join(name: string, options: JoinOptions): Promise<VoiceChannel>;
export function reportText(report: ConnectionReport): string;
/** @returns takes the key off again */
export function holdToTalk(channel: VoiceChannel, code: string): () => void;
