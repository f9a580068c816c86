// The parts of docs/rest.md that the admin page reads. A contract test compares the names and kinds of the fields with the gateway's
// records.
import type { Grant, LayoutReason, LeaveReason, Mode, QualityGrade } from '../../sdk/types.js';

export type ModePolicy = 'auto' | Mode;

export interface ChannelListItem { channel: string; mode: Mode; epoch: number; reason: LayoutReason; participants: number }

export interface ChannelDetails {
  channel: string;
  mode: Mode;
  epoch: number;
  reason: LayoutReason;
  since: string;
  pending: WireLayout | null;
  settings: SettingsBody;
  participants: ParticipantDetails[];
  dominant: number | null;
}

export interface WireLayout { mode: Mode; epoch: number; reason: LayoutReason }

export interface SettingsBody { mode: ModePolicy; maxParticipants: number | null; name: string; metadata: string }

export interface ParticipantDetails {
  number: number;
  identity: string;
  name: string;
  grants: Grant[];
  muted: boolean;
  deafened: boolean;
  serverMuted: boolean;
  away: boolean;
  quality: QualityGrade;
}

export interface ModerationDetails { storage: 'stored' | 'notStored' }
export interface BanDetails { identity: string; reason: string; until: string | null }
export interface RestrictionDetails { identity: string; serverMuted: boolean; denied: Grant[] }

export interface ExplanationDetails {
  channel: ChannelDetails;
  modeBecause: string;
  rooms: RoomExplanationDetails[];
  links: LinkDetails[];
  history: NewsDetails[];
}

export interface RoomExplanationDetails {
  region: string;
  node: string;
  epoch: number;
  because: string;
  members: number[];
  draining: boolean;
  /** The number of the participant in each slot, by slot; 0: none. */
  slots: number[];
}

export interface LinkDetails { low: number; high: number; up: boolean }

/** One event of a channel; the field after `at` that is present describes it. */
export interface NewsDetails {
  event: string;
  number: number;
  at: string | null;
  participant: ParticipantDetails | null;
  left: LeftDetails | null;
  mode: ModeDetails | null;
  room: RoomNewsDetails | null;
  settings: SettingsBody | null;
}

export interface LeftDetails { number: number; identity: string; reason: LeaveReason }

export interface ModeDetails { mode: Mode; epoch: number; reason: LayoutReason; committed: boolean }

export interface RoomNewsDetails { room: RoomDetails; open: boolean }

export interface RoomDetails { region: string; node: string; epoch: number }

export interface HealthDetails {
  version: string;
  cluster: ClusterDetails;
  gateway: GatewayDetails;
  regions: RegionDetails[];
  channels: ChannelCounts;
  participants: number;
}

export interface ClusterDetails { provider: string }

export interface GatewayDetails { id: string; region: string; sockets: number }

export interface RegionDetails { region: string; nodes: NodeDetails[] }

export interface ChannelCounts { p2p: number; sfu: number }

export interface NodeDetails {
  node: string;
  region: string;
  version: string;
  workers: number;
  load: number;
  cpu: number;
  endpoints: number;
  rooms: number;
  packetsReceived: number;
  packetsForwarded: number;
  draining: boolean;
  lastHeartbeat: string;
}

export interface RegionGateway { region: string; url: string }

export interface MintedToken { token: string; expiresAt: string }
