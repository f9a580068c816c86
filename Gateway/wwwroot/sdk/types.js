// @ts-check
// The words that the modules share. Types only: nothing here runs.

/** @typedef {'p2p' | 'sfu'} Mode */
/** @typedef {'created' | 'aboveThreshold' | 'belowReturnThreshold' | 'policy' | 'peerConnectionFailed' | 'nodeLost' | 'noMediaNode' | 'requested' | 'nodeDraining'} LayoutReason */
/** @typedef {'unknown' | 'lost' | 'poor' | 'good' | 'excellent'} QualityGrade */
/** @typedef {'join' | 'speak' | 'listen' | 'moderate'} Grant */
/** @typedef {'dropSocket' | 'switchMode' | 'moveRoom'} Fault */

/**
 * One transport layout of a channel. Epochs only ever grow.
 * @typedef {{ mode: Mode, epoch: number, reason: LayoutReason }} Layout
 */

/**
 * What plays now, and what is being prepared beside it.
 * @typedef {Layout & { switching: boolean, next?: Layout }} LayoutState
 */

/**
 * A member of the channel, as the server describes it. `sinceEpoch` is the first layout that the member is part of.
 * @typedef {object} Participant
 * @property {number} number unique in the channel, never reused
 * @property {string} identity
 * @property {string} name
 * @property {boolean} muted
 * @property {boolean} deafened
 * @property {boolean} serverMuted
 * @property {boolean} away the signaling socket is lost, the media may go on
 * @property {QualityGrade} quality
 * @property {number} sinceEpoch
 * @property {Record<string, string>} [attributes] the application's own
 */

/**
 * @typedef {object} Welcome
 * @property {string} channel
 * @property {number} number
 * @property {string} identity
 * @property {string} name
 * @property {string} resumeToken
 * @property {number} resumeWindowMs
 * @property {boolean} resumed
 * @property {RTCIceServer[]} [iceServers]
 * @property {string[]} [gateways] socket URLs of others that can resume this session
 * @property {{ maxMessageBytes: number, pingIntervalMs: number, maxParticipants: number }} limits
 * @property {{ mode: 'auto' | Mode, p2pThreshold: number, slots: number, name?: string, metadata?: string }} settings
 * @property {Layout} layout
 * @property {Layout} [pending]
 * @property {number | null} [dominant]
 * @property {Grant[]} grants
 * @property {number} seq
 * @property {Participant[]} participants
 */

/** @typedef {'left' | 'timedOut' | 'replaced' | 'kicked' | 'banned' | 'channelClosed' | 'mediaUnavailable' | 'moved' | 'revoked'} LeaveReason */

/** @typedef {{ joined: Participant[], changed: Participant[], left: { number: number, reason: LeaveReason, participant: Participant }[] }} RosterChange */

/**
 * A mesh message between two members, in either direction.
 * @typedef {object} PeerSignal
 * @property {number} epoch
 * @property {RTCSessionDescriptionInit} [description]
 * @property {RTCIceCandidateInit | null} [candidate] null: no more of them
 */

/** @typedef {{ rttMs: number, lossPercent: number, jitterMs: number }} Quality */

/** How loud a listener wants a member: 0…2, and not at all while `silenced`. @typedef {{ volume: number, silenced: boolean }} MemberVolume */

/**
 * When the microphone is heard. `threshold` is a level (0: -60 dB … 1: 0 dB, as `level()` tells it), default 0.3; `hangMs` is how long it
 * stays open after the key or the last word, default 150 and 500.
 * @typedef {{ mode: 'open' } | { mode: 'pushToTalk', hangMs?: number } | { mode: 'voiceActivation', threshold?: number, hangMs?: number }} TalkMode
 */

/** @typedef {{ deviceId: string, label: string }} Device */
/** @typedef {{ microphones: Device[], speakers: Device[] }} DeviceList */

/**
 * What a transport needs from the world around it; one object serves all layouts of a channel.
 * @typedef {object} TransportContext
 * @property {(message: { type: string } & Record<string, any>) => boolean} send false: the socket is away, nothing was sent
 * @property {() => MediaStreamTrack | null} track what to publish now; null: a listener
 * @property {import('./audio/audio-engine.js').AudioEngine} audio
 * @property {import('./audio/volumes.js').Volumes} volumes how loud this listener wants each member
 * @property {(purpose: { mode: Mode, epoch: number, peer: number | null }) => RTCConfiguration} configuration
 * @property {(number: number) => Participant | undefined} member
 * @property {() => Participant[]} others every other member of the channel
 * @property {() => boolean} online the socket to the gateway is open
 * @property {() => number} self own number
 * @property {number} connectTimeoutMs
 * @property {number | null} jitterBufferTargetMs
 */

/** @typedef {{ pc: RTCPeerConnection, mode: Mode, epoch: number, peer: number | null, region: string | null }} Connection */

/** Of the socket to the gateway; while `reconnecting` the voices go on. @typedef {'connecting' | 'connected' | 'reconnecting' | 'closed'} ConnectionState */

/**
 * @typedef {object} JoinOptions
 * @property {string | ((channel: string) => string | Promise<string>)} token a function is called again whenever a new session is
 *   needed, with the channel that it is for
 * @property {string} [url] of the gateway's socket; default: the gateway that this file was loaded from
 * @property {string | MediaStream | MediaTrackConstraints | false} [microphone] a device id, a stream of yours (never stopped by
 *   the SDK), constraints, or false to listen only; default: the system's microphone
 * @property {boolean} [muted] default false
 * @property {boolean} [deafened] default false
 * @property {TalkMode} [talk] default open
 * @property {string} [speaker] id of the device to play on, where the browser lets a page choose; default: the system's
 * @property {RTCIceServer[]} [iceServers] instead of those the server names
 * @property {(configuration: RTCConfiguration, purpose: { mode: Mode, epoch: number, peer: number | null }) => RTCConfiguration} [rtcConfiguration]
 *   the last word on each connection's configuration
 * @property {AudioContext} [audioContext] one of yours (never closed by the SDK); default: an own one
 * @property {number} [connectTimeout] milliseconds for a transport to connect before it is reported as failed, default 10,000
 * @property {number | null} [jitterBufferTarget] milliseconds that every receiver holds at least, default 60; null: the
 *   browser's choice, at the price of switches that can be heard
 * @property {Record<string, number>} [rtt] round-trip milliseconds to the regions, by name; default: measured before joining, where
 *   there are several
 * @property {AbortSignal} [signal] gives up joining
 */

/**
 * @typedef {object} ChannelEvents
 * @property {RosterChange & { participants: Participant[] }} roster
 * @property {LayoutState} mode
 * @property {string | null} region where the media node is that serves you; null: there is none
 * @property {Set<number>} speaking the numbers that sound now, yourself included
 * @property {number | null} dominant
 * @property {Quality} quality your own, every five seconds
 * @property {ConnectionState} connectionState
 * @property {{ attempt: number, retryInMs: number }} reconnecting
 * @property {{ resumed: boolean, number: number }} reconnected resumed false: a new session with a new number, media rebuilt
 * @property {{ serverMuted: boolean }} moderated
 * @property {Grant[]} grants a moderator gave you others
 * @property {{ from: string, to: string, number: number }} moved a moderator put you into another channel, where you have another number
 * @property {{ available: boolean, deviceId?: string, label?: string, error?: import('./errors.js').VoiceError, lost?: string }} microphone
 *   lost: the name of the one that was unplugged; this one was taken instead
 * @property {DeviceList} devices something was plugged in or unplugged
 * @property {{ deviceId: string, lost?: string }} speaker the voices are played on another device; lost: because this one was unplugged
 * @property {{ number: number } & MemberVolume} volume you want a member louder, softer or not at all
 * @property {boolean} transmitting what you say now is sent: not muted, and open by the talk mode
 * @property {{ blocked: boolean }} playback blocked: the browser wants a click first, then call `resumeAudio()`
 * @property {{ muted: boolean, deafened: boolean }} state your own flags
 * @property {import('./errors.js').VoiceError} error
 * @property {{ reason: string, reconnect: boolean, message: string }} closed
 */

export {};
