// The messages of docs/signaling.md, as one union for each direction. A contract test compares names, fields and kinds with the
// gateway's records, so this file cannot drift from the server.
import type {
  Fault, Grant, Layout, LayoutReason, LeaveReason, Mode, Participant, Settings,
} from '../types.js';

/** Messages from the client to the gateway. */
export type ClientMessage =
  | JoinMessage | ResumeMessage | SignalMessage | AnswerMessage | ReadyMessage | FailedMessage | StateMessage | QualityMessage
  | MovedMessage | SyncMessage | PingMessage | LeaveMessage | SimulateMessage;

/** Messages from the gateway to the client. */
export type ServerMessage =
  | WelcomeMessage | RosterMessage | RosterDiffMessage | ModeMessage | OfferMessage | CandidateMessage | CommitMessage
  | SignalledMessage | SpeakersMessage | ModeratedMessage | GrantsMessage | TokenMessage | IceServersMessage | ErrorMessage
  | ByeMessage | PongMessage;

/** The server messages that belong to one layout's transport. */
export type TransportMessage = SignalledMessage | OfferMessage | CandidateMessage;

/** The reasons for which a gateway closes a socket. */
export type CloseReason =
  | 'left' | 'badMessage' | 'messageTooLarge' | 'joinTimeout' | 'unauthorized' | 'silent' | 'slow' | 'replaced' | 'kicked' | 'banned'
  | 'shutdown' | 'sessionExpired' | 'channelClosed' | 'mediaUnavailable' | 'dropped' | 'revoked' | 'joinRefused'
  | 'sendTimeout';

export interface JoinMessage {
  type: 'join';
  channel: string;
  token: string;
  muted?: boolean;
  deafened?: boolean;
  /** Round-trip milliseconds to the regions, by name. */
  rtt?: Record<string, number>;
}

export interface ResumeMessage {
  type: 'resume';
  channel: string;
  resumeToken: string;
  /** The `candidate` messages and restarts that this session has received: the next gateway gives later candidates a higher priority. */
  moves?: number;
  /** The newest token, so that the next gateway continues to refresh it. */
  token?: string;
}

/** Exactly one of `description` and `candidate` is present; a null candidate ends the candidates. */
export interface SignalMessage {
  type: 'signal';
  to: number;
  epoch: number;
  description?: RTCSessionDescriptionInit;
  candidate?: RTCIceCandidateInit | null;
}

export interface AnswerMessage { type: 'answer'; epoch: number; sdp: string }

export interface ReadyMessage { type: 'ready'; epoch: number }

export interface FailedMessage {
  type: 'failed';
  epoch: number;
  /** The participant that cannot be reached; absent: the media node. */
  peer?: number;
}

export interface StateMessage { type: 'state'; muted: boolean; deafened: boolean }

export interface QualityMessage {
  type: 'quality';
  rttMs?: number;
  lossPercent?: number;
  jitterMs?: number;
  firstAudioMs?: number;
  switchGapMs?: number;
}

export interface MovedMessage { type: 'moved'; channel: string }

export interface SyncMessage { type: 'sync' }

export interface PingMessage { type: 'ping'; id?: number }

export interface LeaveMessage { type: 'leave' }

export interface SimulateMessage { type: 'simulate'; fault: Fault }

export interface WelcomeMessage {
  type: 'welcome';
  channel: string;
  number: number;
  identity: string;
  name: string;
  resumeToken: string;
  resumeWindowMs: number;
  resumed: boolean;
  iceServers: RTCIceServer[];
  /** Socket URLs of other gateways that can resume this session. */
  gateways: string[];
  limits: { maxMessageBytes: number; pingIntervalMs: number; maxParticipants: number };
  settings: Settings;
  layout: Layout;
  /** The layout that is being prepared while a switch is in progress. */
  pending?: Layout;
  dominant?: number;
  grants: Grant[];
  seq: number;
  participants: Participant[];
}

export interface RosterMessage { type: 'roster'; seq: number; participants: Participant[] }

export interface RosterDiffMessage {
  type: 'rosterDiff';
  seq: number;
  joined: Participant[];
  changed: Participant[];
  left: { number: number; reason: LeaveReason }[];
}

export interface ModeMessage { type: 'mode'; mode: Mode; epoch: number; reason: LayoutReason }

export interface OfferMessage {
  type: 'offer';
  epoch: number;
  sdp: string;
  /** An ICE restart of the connection that exists in this epoch. */
  restart?: boolean;
  /** The region of the media node. */
  region?: string;
}

export interface CandidateMessage { type: 'candidate'; epoch: number; candidate: RTCIceCandidateInit; region?: string }

export interface CommitMessage { type: 'commit'; epoch: number; mode: Mode; reason: LayoutReason }

/** A `signal` of another participant. Exactly one of `description` and `candidate` is present. */
export interface SignalledMessage {
  type: 'signal';
  from: number;
  epoch: number;
  description?: RTCSessionDescriptionInit;
  candidate?: RTCIceCandidateInit | null;
}

export interface SpeakersMessage { type: 'speakers'; dominant: number | null }

export interface ModeratedMessage { type: 'moderated'; serverMuted: boolean }

export interface GrantsMessage { type: 'grants'; grants: Grant[] }

export interface TokenMessage { type: 'token'; token: string; expiresInMs: number }

export interface IceServersMessage { type: 'iceServers'; iceServers: RTCIceServer[] }

export interface ErrorMessage {
  type: 'error';
  code: string;
  message: string;
  retryable: boolean;
  /** The type of the message that caused the error. */
  inReplyTo?: string;
  retryAfterMs?: number;
}

export interface ByeMessage { type: 'bye'; reason: CloseReason; reconnect: boolean; message: string }

export interface PongMessage { type: 'pong'; id?: number }
