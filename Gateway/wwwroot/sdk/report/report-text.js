// @ts-check
import { tenths } from './connection-report.js';

/** Characters: room for the names. */
const INDENT = 14;

/**
 * As text, for people.
 * @param {import('./connection-report.js').ConnectionReport} report
 */
export function reportText(report) {
  const { at, browser, channel, number, identity, layout, gateway, region, nodes, regions, quality, audio, transports, log } = report;
  const flags = [audio.muted && 'muted', audio.deafened && 'deafened', audio.serverMuted && 'muted by a moderator'].filter(Boolean);
  const lines = [
    ['Hype connection report', at],
    ['browser', browser],
    ['channel', `${channel}, member ${number} (${identity})`],
    ['mode', layout ? `${layout.mode}, epoch ${layout.epoch}, ${layout.reason}${layout.switching ? `; switching to ${layout.next?.mode ?? layout.mode}` : ''}` : 'none'],
    ['gateway', gateway],
    ['media node', nodes?.map(({ node, region }) => `${node} in ${region}`).join(', ') || (region === null ? 'none: peer to peer' : `in ${region}`)],
    ['regions', regions ? Object.entries(regions).map(([region, ms]) => `${region} ${tenths(ms)} ms`).join(', ') : 'nothing to choose from'],
    ['quality', quality ? `RTT ${quality.rttMs} ms, loss ${quality.lossPercent} %, jitter ${quality.jitterMs} ms` : 'not measured yet'],
    ['audio', [audio.microphone ?? 'no microphone', `talk ${audio.talk}`, `sound ${audio.sound}`, ...flags].join(', ')],
    ...transports.flatMap(transportLines),
    ['log', log.join('\n') || 'nothing'],
  ];
  return lines.map(([name, text]) => `${`${name}: `.padEnd(INDENT)}${text.replaceAll('\n', `\n${' '.repeat(INDENT)}`)}`).join('\n');
}

/** @param {import('./connection-report.js').TransportReport} transport */
function transportLines({ mode, epoch, peer, region, state, rttMs, path, local, remote, security, sent, received }) {
  const value = (/** @type {number | null} */ number, /** @type {string} */ unit) => (number === null ? '–' : `${number} ${unit}`);
  return [
    [peer === null ? 'to the node' : `to member ${peer}`, `${mode}${region === null ? '' : ` in ${region}`}, epoch ${epoch}, ${state}, RTT ${value(rttMs, 'ms')}`],
    ['  path', path ? `${path}: ${local} to ${remote}, ${security ?? 'not secured yet'}` : 'none'],
    ['  sent', `${sent.packets} packets, loss ${value(sent.lossPercent, '%')}, jitter ${value(sent.jitterMs, 'ms')}, ${sent.codec ?? 'nothing'}`],
    ['  received', `${received.packets} packets, loss ${value(received.lossPercent, '%')}, jitter ${value(received.jitterMs, 'ms')}, `
      + `concealed ${value(received.concealedPercent, '%')}, buffer ${value(received.bufferMs, 'ms')}, ${received.codec ?? 'nothing'}`],
  ];
}
