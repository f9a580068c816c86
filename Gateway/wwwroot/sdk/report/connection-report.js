// @ts-check

/** The time to wait for the list of nodes: a report must also be available while the control plane is down. */
const NODES_TIMEOUT_MS = 1500;

/** @import { Connection, LayoutState, Mode, Quality } from '../types.js' */
/** @import { Counter, Stats } from './stats.js' */

/**
 * One direction of a transport.
 * @typedef {object} DirectionReport
 * @property {string | null} codec `opus 48000/2`, with its parameters
 * @property {number} packets
 * @property {number | null} lossPercent sent: as the receiver reports it; received: of the expected packets
 * @property {number | null} jitterMs
 */

/**
 * One transport.
 * @typedef {object} TransportReport
 * @property {Mode} mode
 * @property {number} epoch
 * @property {number | null} peer the participant at the other end; null: a media node
 * @property {string | null} region of that node; null in a mesh
 * @property {RTCPeerConnectionState} state
 * @property {number | null} rttMs
 * @property {'direct' | 'relay' | null} path null: not connected
 * @property {string | null} local type and protocol of the candidate, without an address:
 *   `host/udp`, `srflx/udp`, `prflx/udp`, `relay/udp (over tls)`
 * @property {string | null} remote
 * @property {string | null} security DTLS version and SRTP profile
 * @property {DirectionReport} sent
 * @property {DirectionReport & { concealedPercent: number | null, bufferMs: number | null }} received concealed: audio that the
 *   decoder had to synthesise; buffer: the time that packets wait until they are played
 */

/**
 * @typedef {object} AudioReport
 * @property {boolean} muted
 * @property {boolean} deafened
 * @property {boolean} serverMuted
 * @property {string} talk
 * @property {string | null} microphone
 * @property {AudioContextState} sound
 */

/**
 * The state of a channel for a bug report. It contains no addresses, no tokens, and no names of other people.
 * @typedef {object} ConnectionReport
 * @property {string} at ISO 8601
 * @property {string} browser
 * @property {string} channel
 * @property {number} number
 * @property {string} identity
 * @property {LayoutState | null} layout
 * @property {string} gateway
 * @property {string | null} region of the media node that serves you; null: peer to peer
 * @property {{ node: string, region: string, epoch: number }[] | null} nodes all that carry the channel; null: the token
 *   does not permit it
 * @property {Record<string, number> | null} regions round-trip milliseconds measured before joining, by name;
 *   null: there is only one region
 * @property {Quality | null} quality over the last five seconds
 * @property {AudioReport} audio
 * @property {TransportReport[]} transports
 * @property {string[]} log the most recent events, with seconds since joining
 */

/**
 * Fetches the media nodes that carry the channel: the gateway names them to moderators, and to everyone in Development.
 * @param {string} url of the gateway's socket
 * @param {string} channel
 * @param {string} token
 * @returns {Promise<ConnectionReport['nodes']>}
 */
export async function carryingNodes(url, channel, token) {
  try {
    const answer = await fetch(new URL(`channels/${encodeURIComponent(channel)}`, url.replace(/^ws/, 'http')),
      { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(NODES_TIMEOUT_MS) });
    return answer.ok ? (await answer.json()).rooms : null;
  } catch {
    return null;
  }
}

/**
 * @param {Connection} connection
 * @returns {Promise<TransportReport>}
 */
export async function transportReport({ pc, mode, epoch, peer, region }) {
  /** @type {Stats[]} */
  const all = [...(await pc.getStats()).values()];
  const byId = new Map(all.map((report) => [report.id, report]));
  const find = (/** @type {string | undefined} */ id) => (id === undefined ? undefined : byId.get(id));
  const ofType = (/** @type {string} */ type) => all.filter((report) => report.type === type);
  const transport = ofType('transport')[0];
  // Firefox has no transport report; its pairs have a flag instead.
  const pair = find(transport?.selectedCandidatePairId)
    ?? ofType('candidate-pair').find(({ selected, nominated, state }) => selected ?? (nominated && state === 'succeeded'));
  const [local, remote] = [find(pair?.localCandidateId), find(pair?.remoteCandidateId)];
  const inbound = ofType('inbound-rtp').filter(({ packetsReceived = 0 }) => packetsReceived > 0);
  const outbound = ofType('outbound-rtp')[0];
  const remoteInbound = ofType('remote-inbound-rtp')[0];
  const sum = (/** @type {Counter} */ name) => inbound.reduce((total, report) => total + (report[name] ?? 0), 0);
  const [received, lost] = [sum('packetsReceived'), Math.max(0, sum('packetsLost'))];
  const buffered = sum('jitterBufferEmittedCount');
  const isRelayed = [local, remote].some((candidate) => candidate?.candidateType === 'relay');
  return {
    mode, epoch, peer, region,
    state: pc.connectionState,
    rttMs: milliseconds(pair?.currentRoundTripTime),
    path: pair ? (isRelayed ? 'relay' : 'direct') : null,
    local: describeCandidate(local),
    remote: describeCandidate(remote),
    security: transport?.srtpCipher ? `${dtlsVersion(transport.tlsVersion)} ${transport.srtpCipher}` : null,
    sent: {
      codec: describeCodec(find(outbound?.codecId)),
      packets: outbound?.packetsSent ?? 0,
      lossPercent: remoteInbound?.fractionLost === undefined ? null : tenths(remoteInbound.fractionLost * 100),
      jitterMs: milliseconds(remoteInbound?.jitter),
    },
    received: {
      codec: describeCodec(find(inbound[0]?.codecId)),
      packets: received,
      lossPercent: percent(lost, received + lost),
      jitterMs: inbound.length > 0 ? milliseconds(Math.max(...inbound.map(({ jitter }) => jitter ?? 0))) : null,
      concealedPercent: percent(sum('concealedSamples') - sum('silentConcealedSamples'), sum('totalSamplesReceived')),
      bufferMs: buffered > 0 ? milliseconds(sum('jitterBufferDelay') / buffered) : null,
    },
  };
}

/** @param {Stats | undefined} candidate */
function describeCandidate(candidate) {
  if (!candidate) {
    return null;
  }
  const { candidateType, protocol, relayProtocol } = candidate;
  return `${candidateType}/${protocol}${relayProtocol && relayProtocol !== protocol ? ` (over ${relayProtocol})` : ''}`;
}

/** @param {Stats | undefined} codec */
function describeCodec(codec) {
  if (!codec) {
    return null;
  }
  const { mimeType = '', clockRate, channels = 1, sdpFmtpLine } = codec;
  return [`${mimeType.split('/')[1]} ${clockRate}/${channels}`, sdpFmtpLine].filter(Boolean).join(' ');
}

/** @param {string | undefined} hexadecimal as in the record header (RFC 6347 §4.1): 254 minus the version */
function dtlsVersion(hexadecimal) {
  return { FEFF: 'DTLS 1.0', FEFD: 'DTLS 1.2', FEFC: 'DTLS 1.3' }[hexadecimal?.toUpperCase() ?? ''] ?? 'DTLS';
}

/** @param {number | undefined} seconds */
const milliseconds = (seconds) => (seconds === undefined ? null : tenths(seconds * 1000));

/** @param {number} value */
export const tenths = (value) => Math.round(value * 10) / 10;

/**
 * @param {number} part
 * @param {number} whole
 */
const percent = (part, whole) => (whole > 0 ? tenths((100 * part) / whole) : null);
