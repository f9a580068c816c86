// @ts-check
// The words that the modules share. Types only: nothing here runs.

/** @typedef {'p2p' | 'sfu'} Mode */
/** @typedef {'created' | 'aboveThreshold' | 'belowReturnThreshold' | 'policy' | 'peerConnectionFailed' | 'nodeLost' | 'noMediaNode' | 'requested' | 'nodeDraining'} LayoutReason */
/** @typedef {'unknown' | 'lost' | 'poor' | 'good' | 'excellent'} QualityGrade */
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
 * @property {{ mode: 'auto' | Mode, p2pThreshold: number, slots: number }} settings
 * @property {Layout} layout
 * @property {Layout} [pending]
 * @property {number | null} [dominant]
 * @property {number} seq
 * @property {Participant[]} participants
 */

/** @typedef {{ joined: Participant[], changed: Participant[], left: { number: number, reason: string }[] }} RosterChange */

/**
 * A mesh message between two members, in either direction.
 * @typedef {object} PeerSignal
 * @property {number} epoch
 * @property {RTCSessionDescriptionInit} [description]
 * @property {RTCIceCandidateInit | null} [candidate] null: no more of them
 */

/** @typedef {{ rttMs: number, lossPercent: number, jitterMs: number }} Quality */

/**
 * What a transport needs from the world around it; one object serves all layouts of a channel.
 * @typedef {object} TransportContext
 * @property {(message: { type: string } & Record<string, any>) => boolean} send false: the socket is away, nothing was sent
 * @property {() => MediaStreamTrack | null} track what to publish now; null: a listener
 * @property {import('./audio.js').AudioEngine} audio
 * @property {(purpose: { mode: Mode, epoch: number, peer: number | null }) => RTCConfiguration} configuration
 * @property {(number: number) => Participant | undefined} member
 * @property {() => Participant[]} others every other member of the channel
 * @property {() => boolean} online the socket to the gateway is open
 * @property {() => number} self own number
 * @property {number} connectTimeoutMs
 * @property {number | null} jitterBufferTargetMs
 */

/** @typedef {{ pc: RTCPeerConnection, mode: Mode, epoch: number, peer: number | null }} Connection */

/**
 * @typedef {object} JoinOptions
 * @property {string | (() => string | Promise<string>)} token a function is called again whenever a new session is needed
 * @property {string} [url] of the gateway's socket; default: the gateway that this file was loaded from
 * @property {string | MediaStream | MediaTrackConstraints | false} [microphone] a device id, a stream of yours (never stopped by
 *   the SDK), constraints, or false to listen only; default: the system's microphone
 * @property {boolean} [muted] default false
 * @property {boolean} [deafened] default false
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
 * @property {Set<number>} speaking the numbers that sound now, yourself included
 * @property {number | null} dominant
 * @property {Quality} quality your own, every five seconds
 * @property {{ attempt: number, retryInMs: number }} reconnecting
 * @property {{ resumed: boolean, number: number }} reconnected resumed false: a new session with a new number, media rebuilt
 * @property {{ serverMuted: boolean }} moderated
 * @property {{ available: boolean, deviceId?: string, label?: string, error?: import('./errors.js').VoiceError }} microphone
 * @property {{ blocked: boolean }} playback blocked: the browser wants a click first, then call `resumeAudio()`
 * @property {{ muted: boolean, deafened: boolean }} state your own flags
 * @property {import('./errors.js').VoiceError} error
 * @property {{ reason: string, reconnect: boolean, message: string }} closed
 */

export {};
