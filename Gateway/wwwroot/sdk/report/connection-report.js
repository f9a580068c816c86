// @ts-check

/** A report is to be had while the control plane is away too. */
const NODES_PATIENCE_MS = 1500;

/** @typedef {import('../types.js').Connection} Connection */

/**
 * One direction of a transport: packets that left, or that came and did not come.
 * @typedef {object} DirectionReport
 * @property {string | null} codec `opus 48000/2`, with its parameters
 * @property {number} packets
 * @property {number | null} lossPercent of what was sent, as the other side reports it; of what should have come
 * @property {number | null} jitterMs
 */

/**
 * @typedef {object} TransportReport
 * @property {import('../types.js').Mode} mode
 * @property {number} epoch
 * @property {number | null} peer the member at the other end; null: a media node
 * @property {string | null} region where that node is; null in a mesh
 * @property {RTCPeerConnectionState} state
 * @property {number | null} rttMs
 * @property {'direct' | 'relay' | null} path null: not connected
 * @property {string | null} local type and protocol of the candidate: `host/udp`, `srflx/udp`, `prflx/udp`, `relay/udp (over tls)`; no address
 * @property {string | null} remote
 * @property {string | null} security DTLS version and SRTP profile
 * @property {DirectionReport} sent
 * @property {DirectionReport & { concealedPercent: number | null, bufferMs: number | null }} received concealed: sound that had to be
 *   made up; buffer: how long packets wait to be played
 */

/**
 * What a person can put into a bug report. No addresses, no tokens, no names but one's own.
 * @typedef {object} ConnectionReport
 * @property {string} at ISO 8601
 * @property {string} browser
 * @property {string} channel
 * @property {number} number
 * @property {string} identity
 * @property {import('../types.js').LayoutState | null} layout
 * @property {string} gateway
 * @property {string | null} region where the media node is that serves this member; null: peer to peer
 * @property {{ node: string, region: string, epoch: number }[] | null} nodes all that carry the channel; null: the token may not ask
 * @property {Record<string, number> | null} regions round-trip milliseconds measured before joining, by name; null: nothing to choose from
 * @property {import('../types.js').Quality | null} quality of the last five seconds
 * @property {{ muted: boolean, deafened: boolean, serverMuted: boolean, talk: string, microphone: string | null, sound: AudioContextState }} audio
 * @property {TransportReport[]} transports
 * @property {string[]} log what happened last, with seconds since joining
 */

/**
 * Which media nodes carry the channel: the gateway tells moderators, and everyone in Development.
 * @param {string} url of the gateway's socket
 * @param {string} channel
 * @param {string} token
 * @returns {Promise<ConnectionReport['nodes']>}
 */
export async function carryingNodes(url, channel, token) {
  try {
    const answer = await fetch(new URL(`channels/${encodeURIComponent(channel)}`, url.replace(/^ws/, 'http')),
      { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(NODES_PATIENCE_MS) });
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
  /** @type {any[]} */
  const all = [...(await pc.getStats()).values()];
  const byId = new Map(all.map((report) => [report.id, report]));
  const ofType = (/** @type {string} */ type) => all.filter((report) => report.type === type);
  const transport = ofType('transport')[0];
  // Firefox has no transport report; there the pair says that it is selected.
  const pair = byId.get(transport?.selectedCandidatePairId) ?? ofType('candidate-pair').find(({ selected, nominated, state }) => selected ?? (nominated && state === 'succeeded'));
  const [local, remote] = [byId.get(pair?.localCandidateId), byId.get(pair?.remoteCandidateId)];
  const inbound = ofType('inbound-rtp').filter(({ packetsReceived }) => packetsReceived > 0);
  const outbound = ofType('outbound-rtp')[0];
  const heard = ofType('remote-inbound-rtp')[0];
  const sum = (/** @type {string} */ name) => inbound.reduce((total, report) => total + (report[name] ?? 0), 0);
  const [received, lost] = [sum('packetsReceived'), Math.max(0, sum('packetsLost'))];
  return {
    mode, epoch, peer, region,
    state: pc.connectionState,
    rttMs: milliseconds(pair?.currentRoundTripTime),
    path: pair ? ([local, remote].some((candidate) => candidate?.candidateType === 'relay') ? 'relay' : 'direct') : null,
    local: describeCandidate(local),
    remote: describeCandidate(remote),
    security: transport?.srtpCipher ? `${dtlsVersion(transport.tlsVersion)} ${transport.srtpCipher}` : null,
    sent: {
      codec: describeCodec(byId.get(outbound?.codecId)),
      packets: outbound?.packetsSent ?? 0,
      lossPercent: heard?.fractionLost === undefined ? null : tenths(heard.fractionLost * 100),
      jitterMs: milliseconds(heard?.jitter),
    },
    received: {
      codec: describeCodec(byId.get(inbound[0]?.codecId)),
      packets: received,
      lossPercent: percent(lost, received + lost),
      jitterMs: inbound.length > 0 ? milliseconds(Math.max(...inbound.map(({ jitter }) => jitter ?? 0))) : null,
      concealedPercent: percent(sum('concealedSamples') - sum('silentConcealedSamples'), sum('totalSamplesReceived')),
      bufferMs: sum('jitterBufferEmittedCount') > 0 ? milliseconds(sum('jitterBufferDelay') / sum('jitterBufferEmittedCount')) : null,
    },
  };
}

/** @param {any} candidate */
function describeCandidate(candidate) {
  if (!candidate) {
    return null;
  }
  const { candidateType, protocol, relayProtocol } = candidate;
  return `${candidateType}/${protocol}${relayProtocol && relayProtocol !== protocol ? ` (over ${relayProtocol})` : ''}`;
}

/** @param {any} codec */
function describeCodec(codec) {
  return codec ? [`${codec.mimeType.split('/')[1]} ${codec.clockRate}/${codec.channels ?? 1}`, codec.sdpFmtpLine].filter(Boolean).join(' ') : null;
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
