// @ts-check
// What outlives the page: the last name, channel and settings in the browser, the seat in this tab.

const LAST = 'hype.last';
const SEAT = 'hype.seat';
const IDENTITY = 'hype.identity';
const SETTINGS = 'hype.settings';
const VOLUMES = 'hype.volumes';
/** People whose volume is remembered; those whose was set longest ago are forgotten first. */
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

/** @typedef {{ name: string, channel: string }} Seat */

/** @returns {Partial<Seat>} */
export const lastSeat = () => read(localStorage, LAST) ?? {};

/** The seat this tab had when it was reloaded. @returns {Seat | null} */
export const openSeat = () => read(sessionStorage, SEAT);

/** @param {Seat} seat */
export function rememberSeat(seat) {
  localStorage.setItem(LAST, JSON.stringify(seat));
  sessionStorage.setItem(SEAT, JSON.stringify(seat));
}

export const forgetSeat = () => sessionStorage.removeItem(SEAT);

/** One identity per tab: two tabs are two people, a reloaded tab is the same one. @returns {string | undefined} */
export const identity = () => sessionStorage.getItem(IDENTITY) ?? undefined;

/** @param {string} value */
export const rememberIdentity = (value) => sessionStorage.setItem(IDENTITY, value);

export const forgetIdentity = () => sessionStorage.removeItem(IDENTITY);

/**
 * What the settings panel sets.
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

/** @returns {Record<string, import('../../sdk/types.js').MemberVolume>} identity → how loud */
export const volumes = () => read(localStorage, VOLUMES) ?? {};

/**
 * @param {string} of an identity
 * @param {import('../../sdk/types.js').MemberVolume} volume
 */
export function rememberVolume(of, { volume, silenced }) {
  const { [of]: _, ...others } = volumes();
  const all = Object.entries(others);
  if (volume !== 1 || silenced) {
    all.push([of, { volume, silenced }]);
  }
  localStorage.setItem(VOLUMES, JSON.stringify(Object.fromEntries(all.slice(-MOST_VOLUMES))));
}
