// @ts-check
// What outlives the page: the last name and channel in the browser, the seat in this tab.

const LAST = 'hype.last';
const SEAT = 'hype.seat';
const IDENTITY = 'hype.identity';

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
