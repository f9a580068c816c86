// @ts-check
// The texts of the panel, in one place.

/** @import { LayoutReason, LayoutState, Mode, QualityGrade } from '../sdk/types.js' */

/** @type {Record<Mode, { label: string, name: string, how: string }>} */
const MODES = {
  p2p: { label: 'P2P', name: 'Peer to peer', how: 'Voices go directly between members, and they can see each other’s IP address.' },
  sfu: { label: 'SFU', name: 'Media server', how: 'A media server forwards the voices.' },
};

/**
 * @param {LayoutReason} reason
 * @param {number} threshold
 */
function why(reason, threshold) {
  switch (reason) {
    case 'created': return 'The channel started in this mode.';
    case 'aboveThreshold': return `More than ${threshold} people are here.`;
    case 'belowReturnThreshold': return 'Few enough people are here again.';
    case 'policy': return 'The settings of the channel require it.';
    case 'peerConnectionFailed': return 'Two members could not connect directly.';
    case 'nodeLost': return 'A media server failed.';
    case 'nodeDraining': return 'A media server is being emptied.';
    case 'noMediaNode': return 'No media server was free.';
    case 'requested': return 'It was requested.';
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

/** @type {Record<QualityGrade, string>} */
export const QUALITY = {
  unknown: 'Connection not measured yet',
  lost: 'Connection lost',
  poor: 'Poor connection',
  good: 'Good connection',
  excellent: 'Excellent connection',
};

const RELOAD = 'This page and the service do not understand each other. Load the page again.';
const TRY_AGAIN = 'The service cannot do this right now. Try again in a moment.';

/**
 * The texts for the end of the session, by reason; empty if the user caused it.
 * @type {Record<string, string>}
 */
const ENDS = {
  left: '',
  badMessage: RELOAD,
  messageTooLarge: RELOAD,
  joinTimeout: 'Joining took too long. Try again.',
  unauthorized: 'Your access has expired. Join again.',
  silent: 'The connection was lost. Join again.',
  slow: 'Your connection was too slow to keep up. Join again.',
  replaced: 'You joined this channel from another tab or device, so this tab left it.',
  kicked: 'A moderator removed you from the channel.',
  banned: 'A moderator banned you from this channel.',
  shutdown: 'The service was restarted. Join again.',
  sessionExpired: 'You were away for too long. Join again.',
  channelClosed: 'The channel was closed.',
  mediaUnavailable: 'No way could be found to carry your voice. Join again in a moment.',
  dropped: 'The connection was cut, as you asked. Join again.',
  revoked: 'Your access was withdrawn. Sign in again where you got it.',
  joinRefused: 'Joining was refused several times. Load the page again.',
  sendTimeout: 'Your connection was too slow to keep up. Join again.',
};

/**
 * The texts for errors, by code: the server's and the SDK's.
 * @type {Record<string, string>}
 */
const ERRORS = {
  badMessage: RELOAD,
  unknownType: RELOAD,
  messageTooLarge: RELOAD,
  outOfOrder: RELOAD,
  unsupported: 'This service does not offer that.',
  unauthorized: 'Your access is not valid any more. Load the page again.',
  forbidden: 'You may not do that in this channel.',
  banned: 'You are banned from this channel.',
  sessionExpired: 'You were away for too long. Join again.',
  revoked: 'Your access was withdrawn. Sign in again where you got it.',
  invalidCertificate: 'This server does not accept your certificate.',
  invalidName: 'This name has an invisible character. Please type it again.',
  invalidChannel: 'A channel name has 1 to 64 visible characters, and no *.',
  channelFull: 'This channel is full. Try again when someone has left.',
  unknownChannel: 'No channel of this name has participants.',
  unknownParticipant: 'This person is not in the channel any more.',
  invalidSettings: 'A setting of the channel is out of its range.',
  invalidAnswer: 'Your browser and the media server could not agree. Use a current Chromium, Firefox or Safari.',
  staleEpoch: RELOAD,
  unknownNode: 'There is no media server of this name.',
  channelExists: 'There is a channel of this name already.',
  invalidAttributes: 'A person has at most 16 attributes of at most 256 characters.',
  meshNotAllowed: 'Voices may not go directly from member to member here.',
  unknownBan: 'This person is not banned here.',
  unknownRestriction: 'No moderator has muted this person here.',
  tooManyBans: 'This channel has too many bans.',
  unavailable: TRY_AGAIN,
  tooManyRequests: 'That was too much at once. Wait a moment, then try again.',
  internal: 'Something went wrong in the service. Try again.',
  connectionFailed: 'The voice service cannot be reached. Check your connection and try again.',
  tokenFailed: 'No access could be had. Try again.',
  microphoneDenied: 'Your browser was not allowed to use the microphone. Allow it for this page to speak.',
  microphoneMissing: 'There is no such microphone. Plug one in or choose another.',
  microphoneBusy: 'The microphone does not answer. Another program may be using it.',
  microphoneFailed: 'The microphone could not be opened. Choose another, or load the page again.',
  speakerMissing: 'This output cannot be used. Plug it in or choose another.',
  badVolume: 'A volume is a number from 0 to 200 %.',
  badTalkMode: 'This way to talk does not exist.',
  unsupportedBrowser: 'This browser cannot do that. Use a current Chromium, Firefox or Safari, on a page from https.',
  closed: 'The channel was left.',
};

/**
 * Describes the end of the session; empty if the user left.
 * @param {{ reason: string, message: string }} end
 */
export const describeEnd = ({ reason, message }) => ENDS[reason] ?? ERRORS[reason] ?? message;

/** @param {unknown} error */
export function describeError(error) {
  const { code = '', message } = /** @type {{ code?: string, message?: string }} */ (error);
  return ERRORS[code] ?? message ?? 'Something went wrong. Try again.';
}

/**
 * Names a key as most keyboards print it.
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
 * @param {number} level 0…1, the SDK's scale: 0 is -60 dB, 1 is 0 dB
 */
export const decibels = (level) => `${Math.round(level * 60 - 60)} dB`.replace('-', '−');
