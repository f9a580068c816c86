// @ts-check
import { byId, element } from '../../shared/dom.js';
import { Keyed } from '../widgets/keyed-rows.js';
import { modeName, number, why } from '../words.js';

/** @typedef {{ channel: string, mode: string, epoch: number, reason: string, participants: number }} ChannelLine */

/** Channels on a page. */
const PAGE = 100;

/** Live channels by name, as many pages of them as were asked for. */
export class ChannelList {
  #rows = new Keyed(byId('channel-rows'), (/** @type {ChannelLine} */ { channel }) => channel, ({ channel }) => new ChannelRow(channel));
  #prefix = /** @type {HTMLInputElement} */ (byId('prefix'));
  #more = byId('more');
  #empty = byId('no-channels');
  #pages = 1;
  #open = '';

  /** @param {() => void} changed something else is to be listed */
  constructor(changed) {
    this.#prefix.addEventListener('input', () => {
      this.#pages = 1;
      changed();
    });
    this.#more.addEventListener('click', () => {
      this.#pages++;
      changed();
    });
  }

  /** @param {import('../api/api.js').Api} api */
  async load(api) {
    const prefix = this.#prefix.value.trim();
    /** @type {ChannelLine[]} */
    const channels = [];
    let last = PAGE;
    for (let page = 0; page < this.#pages && last === PAGE; page++) {
      const after = channels.at(-1)?.channel;
      const query = new URLSearchParams({ limit: String(PAGE), ...(prefix && { prefix }), ...(after && { after }) });
      /** @type {ChannelLine[]} */
      const answer = await api.get(`channels?${query}`);
      channels.push(...answer);
      last = answer.length;
    }
    if (prefix !== this.#prefix.value.trim()) {
      return; // typed on meanwhile: the answer to that is on its way
    }
    this.#rows.show(channels);
    this.mark(this.#open);
    this.#more.hidden = last < PAGE;
    this.#empty.hidden = channels.length > 0;
    this.#empty.textContent = prefix ? `No open channel begins with “${prefix}”.` : 'Nobody is in any channel.';
  }

  /** @param {string} channel the one that is shown beside the list */
  mark(channel) {
    this.#open = channel;
    for (const row of byId('channel-rows').children) {
      row.toggleAttribute('data-open', row.dataset.channel === channel);
    }
  }
}

class ChannelRow {
  #mode = element('span', { class: 'pill' });
  #epoch = element('td', { class: 'number' });
  #why = element('td');
  #people = element('td', { class: 'number', 'data-cell': 'people' });

  /** @param {string} channel */
  constructor(channel) {
    this.root = element('tr', { 'data-channel': channel },
      element('th', { scope: 'row' }, element('a', { href: `#/channel/${encodeURIComponent(channel)}` }, channel)),
      element('td', {}, this.#mode), this.#epoch, this.#why, this.#people);
  }

  /** @param {ChannelLine} line */
  update({ mode, epoch, reason, participants }) {
    this.#mode.textContent = modeName(mode);
    this.#mode.dataset.mode = mode;
    this.#epoch.textContent = String(epoch);
    this.#why.textContent = why(reason);
    this.#people.textContent = number(participants);
  }
}
