// @ts-check
import { element } from '../../shared/dom.js';
import { confirm } from '../widgets/confirm.js';
import { KeyedRows } from '../widgets/keyed-rows.js';
import { stateOf } from '../words.js';

/** @import { ParticipantDetails } from '../api/rest.js' */

/**
 * The actions on a participant.
 * @typedef {object} ParticipantActions
 * @property {(participant: ParticipantDetails, muted: boolean) => void} mute
 * @property {(participant: ParticipantDetails) => void} kick
 * @property {(participant: ParticipantDetails, to: string) => void} move
 * @property {(participant: ParticipantDetails, reason: string, hours: number) => void} ban
 */

/** @typedef {ParticipantDetails & { dominant: boolean }} Line */

const BAN_HOURS = [['1', 'an hour'], ['24', 'a day'], ['168', 'a week'], ['0', 'an unlimited time']];

/** The roster of a channel, with the actions on each participant. */
export class ParticipantTable {
  /** @type {KeyedRows<Line>} */
  #rows;

  /**
   * @param {HTMLElement} parent
   * @param {ParticipantActions} actions
   */
  constructor(parent, actions) {
    this.#rows = new KeyedRows(parent, ({ number }) => String(number), (line) => new ParticipantRow(line, actions));
  }

  /**
   * @param {ParticipantDetails[]} participants
   * @param {number | null} dominant
   */
  show(participants, dominant) {
    this.#rows.show(participants.map((participant) => ({ ...participant, dominant: participant.number === dominant })));
  }
}

class ParticipantRow {
  #number = element('td', { class: 'number' });
  #name = element('span', { 'data-cell': 'name' });
  #identity = element('small', { 'data-cell': 'identity' });
  #state = element('td', { 'data-cell': 'state' });
  #quality = element('td', { 'data-cell': 'quality' });
  #mute = button('mute');
  #move = button('move', 'Move…');
  #kick = button('kick', 'Kick…', 'bad');
  #ban = button('ban', 'Ban…', 'bad');
  #line;

  /**
   * @param {Line} line
   * @param {ParticipantActions} actions
   */
  constructor(line, actions) {
    this.#line = line;
    this.root = element('tr', {},
      this.#number, element('td', { class: 'who-is' }, this.#name, this.#identity), this.#state, this.#quality,
      element('td', {}, element('div', { class: 'actions' }, this.#mute, this.#move, this.#kick, this.#ban)));
    this.#mute.addEventListener('click', () => actions.mute(this.#line, !this.#line.serverMuted));
    this.#move.addEventListener('click', () => this.#askMove(actions));
    this.#kick.addEventListener('click', () => this.#askKick(actions));
    this.#ban.addEventListener('click', () => this.#askBan(actions));
  }

  /** @param {Line} line */
  update(line) {
    this.#line = line;
    const { number, name, identity, quality, serverMuted, away, dominant } = line;
    this.root.dataset.number = String(number);
    this.root.dataset.name = name;
    this.root.dataset.serverMuted = String(serverMuted);
    this.root.dataset.away = String(away);
    this.root.dataset.dominant = String(dominant);
    this.#number.textContent = String(number);
    this.#name.textContent = name;
    this.#identity.textContent = identity;
    this.#identity.title = identity;
    this.#state.textContent = stateOf(line);
    this.#quality.textContent = quality;
    this.#quality.dataset.quality = quality;
    this.#mute.textContent = serverMuted ? 'Unmute' : 'Mute';
    this.#mute.setAttribute('aria-label', `${serverMuted ? 'Unmute' : 'Mute'} ${name}`);
    this.#move.setAttribute('aria-label', `Move ${name}`);
    this.#kick.setAttribute('aria-label', `Kick ${name}`);
    this.#ban.setAttribute('aria-label', `Ban ${name}`);
  }

  /** @param {ParticipantActions} actions */
  async #askKick(actions) {
    const participant = this.#line;
    if (await confirm({
      title: `Kick ${participant.name}?`,
      text: 'They leave the channel at once, and may come back. To keep them out, ban them.',
      action: 'Kick',
      destructive: true,
    })) {
      actions.kick(participant);
    }
  }

  /** @param {ParticipantActions} actions */
  async #askMove(actions) {
    const participant = this.#line;
    const to = element('input', {
      name: 'to', required: '', maxlength: '64', spellcheck: 'false', autocomplete: 'off',
      'data-testid': 'move-to',
    });
    const answer = await confirm({
      title: `Move ${participant.name}?`,
      text: 'They continue in the other channel without joining again.',
      action: 'Move',
      inputs: [element('label', {}, 'To channel ', to)],
    });
    if (answer) {
      actions.move(participant, answer.to);
    }
  }

  /** @param {ParticipantActions} actions */
  async #askBan(actions) {
    const participant = this.#line;
    const reason = element('input', { name: 'reason', maxlength: '256', autocomplete: 'off', 'data-testid': 'ban-reason' });
    const hours = element('select', { name: 'hours' }, ...BAN_HOURS.map(([value, text]) => element('option', { value }, text)));
    const answer = await confirm({
      title: `Ban ${participant.name}?`,
      text: `${participant.identity} leaves the channel at once, and cannot come back before the ban ends or you lift it.`,
      action: 'Ban',
      destructive: true,
      inputs: [element('label', {}, 'Reason ', reason), element('label', {}, 'For ', hours)],
    });
    if (answer) {
      actions.ban(participant, answer.reason, Number(answer.hours));
    }
  }
}

/**
 * @param {string} name
 * @param {string} [text]
 * @param {string} [kind]
 */
const button = (name, text = '', kind = '') =>
  element('button', { class: `button small ${kind}`, type: 'button', 'data-testid': name }, text);
