// @ts-check
// The types of the public interface. Nothing here runs.

/** @import { VoiceError } from './errors.js' */

/** @typedef {'p2p' | 'sfu'} Mode */

/**
 * The reason for which a layout was opened.
 * @typedef {'created' | 'aboveThreshold' | 'belowReturnThreshold' | 'policy' | 'peerConnectionFailed' | 'nodeLost' | 'noMediaNode'
 *   | 'requested' | 'nodeDraining'} LayoutReason
 */

/**
 * The reason for which a participant left.
 * @typedef {'left' | 'timedOut' | 'replaced' | 'kicked' | 'banned' | 'channelClosed' | 'mediaUnavailable' | 'moved'
 *   | 'revoked'} LeaveReason
 */

/**
 * The state of the socket to the gateway; audio continues while `reconnecting`.
 * @typedef {'connecting' | 'connected' | 'reconnecting' | 'closed'} ConnectionState
 */

/** @typedef {'unknown' | 'lost' | 'poor' | 'good' | 'excellent'} QualityGrade */
/** @typedef {'join' | 'speak' | 'listen' | 'moderate'} Grant */
/** @typedef {'dropSocket' | 'switchMode' | 'moveRoom'} Fault */

/**
 * One layout of a channel. Epochs only increase.
 * @typedef {{ mode: Mode, epoch: number, reason: LayoutReason }} Layout
 */

/**
 * The layout that plays, and `next`, the one that is being prepared beside it.
 * @typedef {Layout & { switching: boolean, next?: Layout }} LayoutState
 */

/**
 * The settings of a channel that concern clients.
 * @typedef {{ mode: 'auto' | Mode, p2pThreshold: number, slots: number, name?: string, metadata?: string }} Settings
 */

/**
 * A participant of the channel, as the server describes it.
 * @typedef {object} Participant
 * @property {number} number unique in the channel, never reused
 * @property {string} identity
 * @property {string} name
 * @property {boolean} muted
 * @property {boolean} deafened
 * @property {boolean} serverMuted
 * @property {boolean} away the signaling socket is lost; media may continue
 * @property {QualityGrade} quality
 * @property {number} sinceEpoch the first layout that the participant is part of
 * @property {Record<string, string>} [attributes] set by the application
 */

/**
 * A participant that left, with its last state.
 * @typedef {{ number: number, reason: LeaveReason, participant: Participant }} Departure
 */

/** @typedef {{ joined: Participant[], changed: Participant[], left: Departure[] }} RosterChange */

/** @typedef {{ rttMs: number, lossPercent: number, jitterMs: number }} Quality */

/**
 * The volume at which a listener wants to hear a participant: 0…2, and not at all while `silenced`.
 * @typedef {{ volume: number, silenced: boolean }} ParticipantVolume
 */

/**
 * The condition under which the microphone transmits. `threshold` is a level (0: -60 dB … 1: 0 dB, the scale of `level()`), default 0.3;
 * `hangMs` is the time that it stays open after the key is released or the last word is spoken, default 150 and 500.
 * @typedef {{ mode: 'open' } | { mode: 'pushToTalk', hangMs?: number }
 *   | { mode: 'voiceActivation', threshold?: number, hangMs?: number }} TalkMode
 */

/** @typedef {{ deviceId: string, label: string }} Device */
/** @typedef {{ microphones: Device[], speakers: Device[] }} DeviceList */

/** @typedef {{ available: boolean, deviceId?: string, label?: string, error?: VoiceError }} MicrophoneState */

/**
 * An open connection to a participant (`peer`) or to a media node (`region`).
 * @typedef {{ pc: RTCPeerConnection, mode: Mode, epoch: number, peer: number | null, region: string | null }} Connection
 */

/**
 * The purpose of one connection: `peer` is null for a media node.
 * @typedef {{ mode: Mode, epoch: number, peer: number | null }} ConnectionPurpose
 */

/**
 * @typedef {object} JoinOptions
 * @property {string | ((channel: string) => string | Promise<string>)} token a JWT, or a function that makes one for the channel it is
 *   given; the SDK calls it again whenever it needs a new session
 * @property {string} [url] of the gateway's socket; default: the gateway that this file was loaded from
 * @property {string | MediaStream | MediaTrackConstraints | false} [microphone] a device id, a stream of yours (never stopped by
 *   the SDK), constraints, or false to listen only; default: the system's microphone
 * @property {boolean} [muted] default false
 * @property {boolean} [deafened] default false
 * @property {TalkMode} [talk] default open
 * @property {string} [speaker] id of the output device, in browsers that let a page choose; default: the system's
 * @property {RTCIceServer[]} [iceServers] replaces the servers that the gateway names
 * @property {boolean} [relayOnly] in a mesh, connects through TURN servers only, so that the other participants do not see your
 *   address; without a TURN server a mesh cannot connect, and the channel changes to `sfu`; default false
 * @property {(configuration: RTCConfiguration, purpose: ConnectionPurpose) => RTCConfiguration} [rtcConfiguration]
 *   returns the final configuration of each connection
 * @property {AudioContext} [audioContext] one of yours (never closed by the SDK); default: a new one
 * @property {number} [connectTimeout] milliseconds until a transport that has not connected is reported as failed, default 10,000
 * @property {number | null} [jitterBufferTarget] minimum milliseconds in every receiver's jitter buffer, default 60; null: the
 *   browser's choice, which makes switches audible
 * @property {Record<string, number>} [rtt] round-trip milliseconds to the regions, by name; default: the SDK measures them before it
 *   joins if there are several regions
 * @property {AbortSignal} [signal] cancels joining
 */

/**
 * The events of a channel, with their payloads.
 * @typedef {object} ChannelEvents
 * @property {RosterChange & { participants: Participant[] }} roster
 * @property {LayoutState} mode
 * @property {string | null} region the region of the media node that serves you; null: none does
 * @property {Set<number>} speaking the numbers that speak now, yourself included
 * @property {number | null} dominant
 * @property {Quality} quality your own, every five seconds
 * @property {ConnectionState} connectionState
 * @property {{ attempt: number, retryInMs: number }} reconnecting
 * @property {{ resumed: boolean, number: number }} reconnected resumed false: a new session with a new number; the SDK rebuilt its media
 * @property {{ serverMuted: boolean }} moderated
 * @property {Grant[]} grants a moderator changed your grants
 * @property {{ from: string, to: string, number: number }} moved a moderator moved you to another channel, where you have another number
 * @property {MicrophoneState & { lost?: string }} microphone lost: the name of the unplugged microphone that this one replaces
 * @property {DeviceList} devices a device was plugged in or unplugged
 * @property {{ deviceId: string, lost?: string }} speaker audio plays on another device; lost: the name of the unplugged one
 * @property {{ number: number } & ParticipantVolume} volume you changed the volume of a participant
 * @property {boolean} transmitting your speech is sent: you are not muted, and the talk mode is open
 * @property {{ blocked: boolean }} playback blocked: the browser requires a click first; call `resumeAudio()` in it
 * @property {{ muted: boolean, deafened: boolean }} state your own flags
 * @property {VoiceError} error
 * @property {{ reason: string, reconnect: boolean, message: string }} closed
 */

export {};
