// @ts-check

/** @import { Connection, Mode, Quality } from '../types.js' */

/**
 * The counters of one connection since it was opened.
 * @typedef {object} ConnectionStats
 * @property {Mode} mode
 * @property {number} epoch
 * @property {number | null} peer null: a media node
 * @property {RTCPeerConnectionState} state
 * @property {number | null} rttMs
 * @property {number} jitterMs the worst of the received streams
 * @property {number} packetsSent
 * @property {number} packetsReceived
 * @property {number} packetsLost
 * @property {number} bytesSent
 * @property {number} bytesReceived
 */

/**
 * @param {Connection} connection
 * @returns {Promise<ConnectionStats>}
 */
export async function connectionStats({ pc, mode, epoch, peer }) {
  /** @type {ConnectionStats} */
  const stats = {
    mode, epoch, peer, state: pc.connectionState, rttMs: null, jitterMs: 0,
    packetsSent: 0, packetsReceived: 0, packetsLost: 0, bytesSent: 0, bytesReceived: 0,
  };
  for (const report of (await pc.getStats()).values()) {
    if (report.type === 'inbound-rtp') {
      stats.packetsReceived += report.packetsReceived ?? 0;
      stats.packetsLost += report.packetsLost ?? 0;
      stats.bytesReceived += report.bytesReceived ?? 0;
      stats.jitterMs = Math.max(stats.jitterMs, (report.jitter ?? 0) * 1000);
    } else if (report.type === 'outbound-rtp') {
      stats.packetsSent += report.packetsSent ?? 0;
      stats.bytesSent += report.bytesSent ?? 0;
    } else if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded') {
      stats.rttMs = report.currentRoundTripTime === undefined ? stats.rttMs : report.currentRoundTripTime * 1000;
    }
  }
  return stats;
}

/**
 * Turns counters into the quality of the last interval.
 * @internal
 */
export class QualityMeter {
  /** @type {WeakMap<RTCPeerConnection, { received: number, lost: number }>} */
  #before = new WeakMap();

  /**
   * Combines all connections: the mean round trip, the loss of all packets together, the worst jitter.
   * @param {Connection[]} connections
   * @returns {Promise<Quality | null>} null: no connection is open
   */
  async measure(connections) {
    const connected = connections.filter(({ pc }) => pc.connectionState === 'connected');
    const rtts = [];
    let [received, lost, jitterMs] = [0, 0, 0];
    for (const connection of connected) {
      const stats = await connectionStats(connection);
      const before = this.#before.get(connection.pc) ?? { received: 0, lost: 0 };
      this.#before.set(connection.pc, { received: stats.packetsReceived, lost: stats.packetsLost });
      received += stats.packetsReceived - before.received;
      lost += Math.max(0, stats.packetsLost - before.lost); // duplicates decrease the counter
      jitterMs = Math.max(jitterMs, stats.jitterMs);
      if (stats.rttMs !== null) {
        rtts.push(stats.rttMs);
      }
    }
    if (rtts.length === 0) {
      return null;
    }
    const tenths = (/** @type {number} */ value) => Math.round(value * 10) / 10;
    return {
      rttMs: tenths(rtts.reduce((sum, rtt) => sum + rtt, 0) / rtts.length),
      lossPercent: tenths(received + lost > 0 ? Math.min(100, (100 * lost) / (received + lost)) : 0),
      jitterMs: tenths(jitterMs),
    };
  }
}
