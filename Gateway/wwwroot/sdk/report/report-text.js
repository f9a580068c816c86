// @ts-check
import { tenths } from './connection-report.js';

/** The width of the column of names, in characters. */
const INDENT = 14;

/** @import { ConnectionReport, TransportReport } from './connection-report.js' */

/**
 * Formats a report as text, for people.
 * @param {ConnectionReport} report
 * @returns {string}
 */
export function reportText(report) {
  const { at, browser, channel, number, identity, layout, gateway, region, nodes, regions, quality, audio, transports, log } = report;
  const flags = [audio.muted && 'muted', audio.deafened && 'deafened', audio.serverMuted && 'muted by a moderator'].filter(Boolean);
  const switching = layout?.switching ? `; switching to ${layout.next?.mode ?? layout.mode}` : '';
  const nodeNames = nodes?.map(({ node, region }) => `${node} in ${region}`).join(', ');
  const lines = [
    ['Hype connection report', at],
    ['browser', browser],
    ['channel', `${channel}, participant ${number} (${identity})`],
    ['mode', layout ? `${layout.mode}, epoch ${layout.epoch}, ${layout.reason}${switching}` : 'none'],
    ['gateway', gateway],
    ['media node', nodeNames || (region === null ? 'none: peer to peer' : `in ${region}`)],
    ['regions', regions ? Object.entries(regions).map(([region, ms]) => `${region} ${tenths(ms)} ms`).join(', ') : 'only one'],
    ['quality', quality ? `RTT ${quality.rttMs} ms, loss ${quality.lossPercent} %, jitter ${quality.jitterMs} ms` : 'not measured yet'],
    ['audio', [audio.microphone ?? 'no microphone', `talk ${audio.talk}`, `sound ${audio.sound}`, ...flags].join(', ')],
    ...transports.flatMap(transportLines),
    ['log', log.join('\n') || 'nothing'],
  ];
  return lines.map(([name, text]) => `${`${name}: `.padEnd(INDENT)}${text.replaceAll('\n', `\n${' '.repeat(INDENT)}`)}`).join('\n');
}

/** @param {TransportReport} transport */
function transportLines({ mode, epoch, peer, region, state, rttMs, path, local, remote, security, sent, received }) {
  const value = (/** @type {number | null} */ number, /** @type {string} */ unit) => (number === null ? '–' : `${number} ${unit}`);
  return [
    [peer === null ? 'to the node' : `to no. ${peer}`,
      `${mode}${region === null ? '' : ` in ${region}`}, epoch ${epoch}, ${state}, RTT ${value(rttMs, 'ms')}`],
    ['  path', path ? `${path}: ${local} to ${remote}, ${security ?? 'not secured yet'}` : 'none'],
    ['  sent', `${sent.packets} packets, loss ${value(sent.lossPercent, '%')}, jitter ${value(sent.jitterMs, 'ms')}, `
      + `${sent.codec ?? 'nothing'}`],
    ['  received', `${received.packets} packets, loss ${value(received.lossPercent, '%')}, jitter ${value(received.jitterMs, 'ms')}, `
      + `concealed ${value(received.concealedPercent, '%')}, buffer ${value(received.bufferMs, 'ms')}, ${received.codec ?? 'nothing'}`],
  ];
}
