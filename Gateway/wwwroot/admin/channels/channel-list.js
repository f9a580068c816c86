// @ts-check
import { byId, element } from '../../shared/dom.js';
import { KeyedRows } from '../widgets/keyed-rows.js';
import { modeName, number, why } from '../words.js';

/** @import { Api } from '../api/api.js' */
/** @import { ChannelListItem } from '../api/rest.js' */

/** The number of channels on a page. */
const PAGE = 100;

/** The live channels by name: as many pages as the administrator has opened. */
export class ChannelList {
  /** @type {KeyedRows<ChannelListItem>} */
  #rows = new KeyedRows(byId('channel-rows'), ({ channel }) => channel, ({ channel }) => new ChannelRow(channel));
  #prefix = byId('prefix', HTMLInputElement);
  #more = byId('more');
  #empty = byId('no-channels');
  #pages = 1;
  #open = '';

  /** @param {() => void} changed the filter or the number of pages changed */
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

  /** @param {Api} api */
  async load(api) {
    const prefix = this.#prefix.value.trim();
    /** @type {ChannelListItem[]} */
    const channels = [];
    let last = PAGE;
    for (let page = 0; page < this.#pages && last === PAGE; page++) {
      const after = channels.at(-1)?.channel;
      const answer = await api.channels(new URLSearchParams({ limit: String(PAGE), ...(prefix && { prefix }), ...(after && { after }) }));
      channels.push(...answer);
      last = answer.length;
    }
    if (prefix !== this.#prefix.value.trim()) {
      return; // the prefix has changed meanwhile: its own answer follows
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
    for (const row of /** @type {HTMLCollectionOf<HTMLElement>} */ (byId('channel-rows').children)) {
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

  /** @param {ChannelListItem} item */
  update({ mode, epoch, reason, participants }) {
    this.#mode.textContent = modeName(mode);
    this.#mode.dataset.mode = mode;
    this.#epoch.textContent = String(epoch);
    this.#why.textContent = why(reason);
    this.#people.textContent = number(participants);
  }
}
