// @ts-check
// The panel's storage: the last name, channel and settings in the browser, the present channel and identity in this tab.

const LAST = 'hype.last';
const SEAT = 'hype.seat';
const IDENTITY = 'hype.identity';
const SETTINGS = 'hype.settings';
const VOLUMES = 'hype.volumes';
/** The number of identities whose volume is stored; beyond it, the oldest entry is dropped. */
const MOST_VOLUMES = 200;

/**
 * @param {Storage} storage
 * @param {string} key
 */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null; // written by another version, or by hand
  }
}

/**
 * A user's name and channel, and whether they were muted or deafened there.
 * @typedef {{ name: string, channel: string, muted?: boolean, deafened?: boolean }} Seat
 */

/** @returns {Partial<Seat>} */
export const lastSeat = () => read(localStorage, LAST) ?? {};

/** The channel that this tab was in when its page was reloaded or left. @returns {Seat | null} */
export const openSeat = () => read(sessionStorage, SEAT);

/** @param {Seat} seat */
export function rememberSeat(seat) {
  localStorage.setItem(LAST, JSON.stringify({ name: seat.name, channel: seat.channel }));
  sessionStorage.setItem(SEAT, JSON.stringify(seat));
}

export const forgetSeat = () => sessionStorage.removeItem(SEAT);

/** The identity of this tab: two tabs are two participants, and a reload keeps it. @returns {string | undefined} */
export const identity = () => sessionStorage.getItem(IDENTITY) ?? undefined;

/** @param {string} value */
export const rememberIdentity = (value) => sessionStorage.setItem(IDENTITY, value);

export const forgetIdentity = () => sessionStorage.removeItem(IDENTITY);

/**
 * The values of the settings panel.
 * @typedef {object} Settings
 * @property {string} microphone device id; empty: the system's
 * @property {string} speaker
 * @property {'open' | 'pushToTalk' | 'voiceActivation'} talk
 * @property {string} talkKey `KeyboardEvent.code`
 * @property {number} threshold 0…1
 */

/** @type {Settings} */
const DEFAULTS = { microphone: '', speaker: '', talk: 'open', talkKey: 'Space', threshold: 0.3 };

/** @returns {Settings} */
export function settings() {
  const { microphone, speaker, talk, talkKey, threshold } = { ...DEFAULTS, ...read(localStorage, SETTINGS) };
  return {
    microphone: String(microphone),
    speaker: String(speaker),
    talk: ['open', 'pushToTalk', 'voiceActivation'].includes(talk) ? talk : DEFAULTS.talk,
    talkKey: String(talkKey),
    threshold: threshold >= 0 && threshold <= 1 ? threshold : DEFAULTS.threshold,
  };
}

/** @param {Partial<Settings>} change */
export const rememberSettings = (change) => localStorage.setItem(SETTINGS, JSON.stringify({ ...settings(), ...change }));

/** @import { ParticipantVolume } from '../../sdk/types.js' */

/** @returns {Record<string, ParticipantVolume>} by identity */
export const volumes = () => read(localStorage, VOLUMES) ?? {};

/**
 * @param {string} identityOf the participant
 * @param {ParticipantVolume} volume
 */
export function rememberVolume(identityOf, { volume, silenced }) {
  const { [identityOf]: _, ...others } = volumes();
  const all = Object.entries(others);
  if (volume !== 1 || silenced) {
    all.push([identityOf, { volume, silenced }]);
  }
  localStorage.setItem(VOLUMES, JSON.stringify(Object.fromEntries(all.slice(-MOST_VOLUMES))));
}
