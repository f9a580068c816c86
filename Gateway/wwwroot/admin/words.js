// @ts-check
// The texts of the admin page, in one place.

/** @param {string} reason of a mode */
export function why(reason) {
  switch (reason) {
    case 'created': return 'initial mode';
    case 'aboveThreshold': return 'too many for a mesh';
    case 'belowReturnThreshold': return 'few enough for a mesh';
    case 'policy': return 'required by the settings';
    case 'peerConnectionFailed': return 'two members could not connect';
    case 'nodeLost': return 'its node was lost';
    case 'nodeDraining': return 'its node is drained';
    case 'noMediaNode': return 'no node had capacity';
    case 'requested': return 'requested';
    default: return reason;
  }
}

/** @param {string} mode */
export const modeName = (mode) => mode.toUpperCase();

/** @param {{ muted: boolean, deafened: boolean, serverMuted: boolean, away: boolean }} participant */
export function stateOf({ muted, deafened, serverMuted, away }) {
  return [away && 'away', serverMuted && 'muted by a moderator', deafened ? 'deafened' : muted && 'muted'].filter(Boolean).join(', ');
}

const count = new Intl.NumberFormat('en');

/** @param {number} value */
export const number = (value) => count.format(Math.round(value));

/** @param {number} share 0…1 */
export const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {string | Date} then */
export function ago(then) {
  const seconds = (Date.now() - new Date(then).getTime()) / 1000;
  if (seconds < 1) {
    return 'now';
  }
  if (seconds < 60) {
    return `${Math.round(seconds)} s ago`;
  }
  return seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

/** @param {unknown} error */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));
