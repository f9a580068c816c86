// @ts-check
import { byId, element } from '../../shared/dom.js';

/** @import { BanDetails, RestrictionDetails } from '../api/rest.js' */

/**
 * The actions on an identity, which may be absent.
 * @typedef {object} IdentityActions
 * @property {(identity: string) => void} unban
 * @property {(identity: string) => void} lift ends the mute and returns the denied grants
 */

/** The banned and the restricted identities of a channel, each with a button that lifts the order. */
export class BanList {
  #actions;

  /** @param {IdentityActions} actions */
  constructor(actions) {
    this.#actions = actions;
  }

  /** @param {{ bans: BanDetails[], restrictions: RestrictionDetails[] } | null} orders null: they need a token */
  show(orders) {
    const { unban, lift } = this.#actions;
    fill('bans', orders?.bans.map(({ identity, reason, until }) =>
      line(identity, [reason, until ? `until ${new Date(until).toLocaleString()}` : 'without an end'],
        `Lift the ban of ${identity}`, unban)));
    fill('restrictions', orders?.restrictions.map(({ identity, serverMuted, denied }) =>
      line(identity, [serverMuted && 'muted', denied.length > 0 && `may not ${denied.join(', ')}`],
        `Lift the restriction of ${identity}`, lift)));
  }
}

/**
 * @param {string} list
 * @param {HTMLElement[] | undefined} lines undefined: they need a token
 */
function fill(list, lines) {
  const none = element('li', { class: 'empty' }, lines ? 'No one.' : 'Become administrator to see them.');
  byId(list).replaceChildren(...(lines?.length ? lines : [none]));
}

/**
 * @param {string} identity
 * @param {(string | false)[]} details
 * @param {string} label
 * @param {(identity: string) => void} lift
 */
function line(identity, details, label, lift) {
  const button = element('button', { class: 'button small', type: 'button', 'aria-label': label }, 'Lift');
  button.addEventListener('click', () => lift(identity));
  return element('li', { 'data-identity': identity },
    element('span', {}, identity), element('small', {}, details.filter(Boolean).join(' · ')), button);
}
