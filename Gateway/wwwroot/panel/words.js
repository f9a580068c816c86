// @ts-check
// What the panel says, in one place.

/** @typedef {import('../sdk/types.js').LayoutState} LayoutState */

/** @type {Record<import('../sdk/types.js').Mode, { label: string, name: string, how: string }>} */
const MODES = {
  p2p: { label: 'P2P', name: 'Peer to peer', how: 'Voices go directly from member to member.' },
  sfu: { label: 'SFU', name: 'Media server', how: 'A media server forwards the voices.' },
};

/**
 * @param {import('../sdk/types.js').LayoutReason} reason
 * @param {number} threshold
 */
function why(reason, threshold) {
  switch (reason) {
    case 'created': return 'The channel was opened this way.';
    case 'aboveThreshold': return `More than ${threshold} people are here.`;
    case 'belowReturnThreshold': return 'Few enough people are here again.';
    case 'policy': return 'This channel is set to it.';
    case 'peerConnectionFailed': return 'Two members could not connect directly.';
    case 'nodeLost': return 'A media server went away.';
    case 'nodeDraining': return 'A media server is being emptied.';
    case 'noMediaNode': return 'No media server was free.';
    case 'requested': return 'It was asked for.';
    default: return '';
  }
}

/**
 * @param {LayoutState} state
 * @param {number} threshold above which the channel leaves the mesh
 * @returns {{ mode: 'p2p' | 'sfu' | 'switching', label: string, title: string, text: string }}
 */
export function describeMode(state, threshold) {
  if (state.switching) {
    const next = state.next ?? state;
    return {
      mode: 'switching',
      label: 'Switching…',
      title: `Switching to ${MODES[next.mode].name.toLowerCase()}`,
      text: `${why(next.reason, threshold)} You can keep talking.`,
    };
  }
  const { label, name, how } = MODES[state.mode];
  return { mode: state.mode, label, title: name, text: `${how} ${why(state.reason, threshold)}` };
}

/** @type {Record<import('../sdk/types.js').QualityGrade, string>} */
export const QUALITY = {
  unknown: 'Connection not measured yet',
  lost: 'Connection lost',
  poor: 'Poor connection',
  good: 'Good connection',
  excellent: 'Excellent connection',
};

/**
 * Why the seat is gone; empty when the user knows, having left.
 * @param {{ reason: string, message: string }} goodbye
 */
export function describeEnd({ reason, message }) {
  switch (reason) {
    case 'left': return '';
    case 'replaced': return 'You joined this channel from another tab or device, so this one stepped aside.';
    case 'kicked': return 'A moderator removed you from the channel.';
    case 'banned': return 'A moderator banned you from this channel.';
    case 'channelClosed': return 'The channel was closed.';
    default: return message;
  }
}

/** @param {unknown} error */
export function describeError(error) {
  const { code, message } = /** @type {{ code?: string, message?: string }} */ (error);
  switch (code) {
    case 'connectionFailed': return 'The voice service cannot be reached. Check your connection and try again.';
    case 'channelFull': return 'This channel is full. Try again when someone has left.';
    case 'banned': return 'You are banned from this channel.';
    case 'invalidChannel': return 'A channel name has 1 to 64 letters, digits, dots, dashes or underscores.';
    default: return message ?? 'Something went wrong. Try again.';
  }
}

/**
 * What is printed on the key, on most keyboards.
 * @param {string} code `KeyboardEvent.code`
 */
export function describeKey(code) {
  const side = /^(Control|Shift|Alt|Meta)(Left|Right)$/.exec(code);
  if (side) {
    return `${side[2]} ${side[1] === 'Control' ? 'Ctrl' : side[1]}`;
  }
  return { Backquote: '`', CapsLock: 'Caps Lock' }[code] ?? code.replace(/^(Key|Digit)/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
}

/**
 * @param {number} level 0…1, as the SDK tells it: 0 is -60 dB, 1 is 0 dB
 */
export const decibels = (level) => `${Math.round(level * 60 - 60)} dB`.replace('-', '−');
