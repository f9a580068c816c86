// The interface between a layout and its connections.
import type { AudioEngine } from '../audio/audio-engine.js';
import type { AudioPath } from '../audio/audio-path.js';
import type { Microphone } from '../audio/microphone.js';
import type { Volumes } from '../audio/volumes.js';
import type { TransportMessage } from '../signaling/messages.js';
import type { Roster } from '../signaling/roster.js';
import type { Session } from '../signaling/session.js';
import type { Connection, Layout } from '../types.js';
import type { IceConfiguration } from './ice-configuration.js';

/** The connections of one layout: a mesh, or a media node. Each optional method has work in only one of the two. */
export interface Transport {
  readonly layout: Layout;
  readonly path: AudioPath;
  /** The region of the media node; null: no media node is involved. */
  readonly region: string | null;
  /** True after the connection has been made and packets have left, at least once. */
  readonly ready: boolean;
  /** @returns false: the message is too early; deliver it again later */
  accept(message: TransportMessage): boolean;
  setTrack(track: MediaStreamTrack | null): Promise<void>;
  play(): void;
  /** @returns number → loudness, 0…1 */
  levels(): Map<number, number>;
  connections(): Connection[];
  close(): void;
  /** Follows a change of the roster or of a volume. */
  reconcile?(): void;
  /** Follows a possible change of the speakers in the slots, or of a volume. */
  followSpeakers?(): void;
  /** Repeats messages that may be lost with the old socket: the session has a new one. */
  resumed?(): void;
  networkChanged?(): void;
  iceServersRenewed?(): void;
}

export interface TransportEvents {
  ready(): void;
  /** @param peer the participant that cannot be reached; absent: the media node */
  failed(peer?: number): void;
}

/** The parts of the channel that a transport uses; one object serves all layouts. */
export interface TransportContext {
  readonly session: Session;
  readonly roster: Roster;
  readonly microphone: Microphone;
  readonly audio: AudioEngine;
  readonly volumes: Volumes;
  readonly ice: IceConfiguration;
  readonly connectTimeoutMs: number;
  readonly jitterBufferTargetMs: number | null;
}
