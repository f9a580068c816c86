// @ts-check
import { element } from '../../shared/dom.js';
import { confirm } from '../widgets/confirm.js';
import { Keyed } from '../widgets/keyed-rows.js';
import { stateOf } from '../words.js';

/**
 * @typedef {object} Participant
 * @property {number} number
 * @property {string} identity
 * @property {string} name
 * @property {boolean} muted
 * @property {boolean} deafened
 * @property {boolean} serverMuted
 * @property {boolean} away
 * @property {string} quality
 */

/**
 * @typedef {object} Orders what may be done to somebody
 * @property {(participant: Participant, muted: boolean) => void} mute
 * @property {(participant: Participant) => void} kick
 * @property {(participant: Participant, to: string) => void} move
 * @property {(participant: Participant, reason: string, hours: number) => void} ban
 */

/** The roster of a channel, with what may be done to each. */
export class People {
  #rows;

  /**
   * @param {HTMLElement} parent
   * @param {Orders} orders
   */
  constructor(parent, orders) {
    this.#rows = new Keyed(parent, (/** @type {Participant} */ { number }) => String(number), () => new Person(orders));
  }

  /**
   * @param {Participant[]} participants
   * @param {number | null} dominant
   */
  show(participants, dominant) {
    this.#rows.show(participants.map((participant) => ({ ...participant, dominant: participant.number === dominant })));
  }
}

class Person {
  #number = element('td', { class: 'number' });
  #name = element('span', { 'data-cell': 'name' });
  #identity = element('small', { 'data-cell': 'identity' });
  #state = element('td', { 'data-cell': 'state' });
  #quality = element('td', { 'data-cell': 'quality' });
  #mute = button('mute');
  #move = button('move', 'Move…');
  #kick = button('kick', 'Kick…', 'bad');
  #ban = button('ban', 'Ban…', 'bad');
  /** @type {Participant | null} */
  #participant = null;

  /** @param {Orders} orders */
  constructor(orders) {
    this.root = element('tr', {},
      this.#number, element('td', { class: 'who-is' }, this.#name, this.#identity), this.#state, this.#quality,
      element('td', {}, element('div', { class: 'actions' }, this.#mute, this.#move, this.#kick, this.#ban)));
    this.#mute.addEventListener('click', () => orders.mute(this.#who, !this.#who.serverMuted));
    this.#move.addEventListener('click', () => this.#askMove(orders));
    this.#kick.addEventListener('click', () => this.#askKick(orders));
    this.#ban.addEventListener('click', () => this.#askBan(orders));
  }

  get #who() {
    return /** @type {Participant} */ (this.#participant);
  }

  /** @param {Participant & { dominant?: boolean }} participant */
  update(participant) {
    this.#participant = participant;
    const { number, name, identity, quality, serverMuted, away, dominant } = participant;
    this.root.dataset.number = String(number);
    this.root.dataset.name = name;
    this.root.dataset.serverMuted = String(serverMuted);
    this.root.dataset.away = String(away);
    this.root.dataset.dominant = String(dominant === true);
    this.#number.textContent = String(number);
    this.#name.textContent = name;
    this.#identity.textContent = identity;
    this.#identity.title = identity;
    this.#state.textContent = stateOf(participant);
    this.#quality.textContent = quality;
    this.#quality.dataset.quality = quality;
    this.#mute.textContent = serverMuted ? 'Unmute' : 'Mute';
    for (const [action, verb] of /** @type {[HTMLElement, string][]} */ ([[this.#mute, serverMuted ? 'Unmute' : 'Mute'], [this.#move, 'Move'], [this.#kick, 'Kick'], [this.#ban, 'Ban']])) {
      action.setAttribute('aria-label', `${verb} ${name}`);
    }
  }

  /** @param {Orders} orders */
  async #askKick(orders) {
    const who = this.#who;
    if (await confirm({ title: `Kick ${who.name}?`, text: 'They leave the channel at once, and may come back. To keep them out, ban them.', action: 'Kick', hurts: true })) {
      orders.kick(who);
    }
  }

  /** @param {Orders} orders */
  async #askMove(orders) {
    const who = this.#who;
    const to = element('input', { name: 'to', required: '', maxlength: '64', pattern: '[A-Za-z0-9._\\-]+', spellcheck: 'false', autocomplete: 'off', 'data-testid': 'move-to' });
    const answer = await confirm({ title: `Move ${who.name}?`, text: 'They go on in the other channel without joining anew.', action: 'Move', inputs: [element('label', {}, 'To channel ', to)] });
    if (answer) {
      orders.move(who, answer.to);
    }
  }

  /** @param {Orders} orders */
  async #askBan(orders) {
    const who = this.#who;
    const reason = element('input', { name: 'reason', maxlength: '256', autocomplete: 'off', 'data-testid': 'ban-reason' });
    const hours = element('select', { name: 'hours' },
      ...[['1', 'an hour'], ['24', 'a day'], ['168', 'a week'], ['0', 'ever']].map(([value, text]) => element('option', { value }, text)));
    const answer = await confirm({
      title: `Ban ${who.name}?`,
      text: `${who.identity} leaves the channel at once, and cannot come back before the time is over or you lift the ban.`,
      action: 'Ban',
      hurts: true,
      inputs: [element('label', {}, 'Reason ', reason), element('label', {}, 'For ', hours)],
    });
    if (answer) {
      orders.ban(who, answer.reason, Number(answer.hours));
    }
  }
}

/**
 * @param {string} name
 * @param {string} [text]
 * @param {string} [kind]
 */
const button = (name, text = '', kind = '') => element('button', { class: `button small ${kind}`, type: 'button', 'data-testid': name }, text);
