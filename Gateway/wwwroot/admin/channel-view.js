// @ts-check
import { byId, element } from '../panel/dom.js';
import { confirm } from './confirm.js';
import { readEvents } from './follow.js';
import { People } from './people.js';
import { ago, modeName, sentence, why } from './words.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./people.js').Participant} Participant */

/** Happenings that stay on the page. */
const KEPT = 100;

/** Changes that come together are read together. */
const GATHER_MS = 100;

/** Before a stream that broke is opened again. */
const PAUSE_MS = 1000;

/** A channel that was opened: how it is, what happens in it, and what may be done to those who are in it. */
export class ChannelView {
  #api;
  #act;
  #name = '';
  #stop = new AbortController();
  #people;
  /** @type {any} */
  #settings = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gathering;
  #asked = 0;
  #shown = 0;

  /**
   * @param {Api} api
   * @param {(order: () => Promise<unknown>, done: string) => Promise<boolean>} act carries out an order and says how it went
   */
  constructor(api, act) {
    this.#api = api;
    this.#act = act;
    this.#people = new People(byId('people'), {
      mute: (who, muted) => this.#order('POST', `participants/${who.number}/${muted ? 'mute' : 'unmute'}`, `${who.name} is ${muted ? 'muted' : 'heard again'}.`),
      kick: (who) => this.#order('POST', `participants/${who.number}/kick`, `${who.name} has left.`),
      move: (who, to) => this.#order('POST', `participants/${who.number}/move`, `${who.name} goes on in #${to}.`, { channel: to }),
      ban: (who, reason, hours) => this.#ban(who, reason, hours),
    });
    byId('channel-close').addEventListener('click', () => this.#close());
    byId('settings').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#save();
    });
  }

  /** @param {string} name empty: none */
  open(name) {
    this.#stop.abort();
    this.#stop = new AbortController();
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#name = name;
    byId('channel-none').hidden = name !== '';
    byId('channel-none').textContent = 'Open a channel to see who is in it, and to moderate.';
    byId('channel-open').hidden = true;
    byId('happened').replaceChildren();
    if (name) {
      void this.#follow(this.#stop.signal);
    }
  }

  get #path() {
    return `channels/${encodeURIComponent(this.#name)}`;
  }

  /**
   * The stream of events, opened again from where it broke; each event says that there is something to read.
   * @param {AbortSignal} signal
   */
  async #follow(signal) {
    let last = '';
    while (await this.#read(signal)) {
      try {
        const answer = await this.#api.open(`${this.#path}/events${last && `?after=${encodeURIComponent(last)}`}`, signal);
        this.#live(true);
        await readEvents(answer, (happening) => {
          last = happening.id || last;
          this.#happened(happening);
          this.#gather(signal);
        });
      } catch (error) {
        if (signal.aborted) {
          return;
        }
      }
      this.#live(false);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** @param {boolean} live */
  #live(live) {
    byId('channel-live').dataset.live = String(live);
    byId('channel-live').textContent = live ? 'live' : 'connecting…';
  }

  /** @param {AbortSignal} signal */
  #gather(signal) {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#read(signal);
    }, GATHER_MS);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false: there is nothing more to see
   */
  async #read(signal) {
    const turn = ++this.#asked;
    try {
      const [channel, bans] = await Promise.all([this.#api.get(this.#path, signal), this.#bans(signal)]);
      // An answer that a later one has overtaken is old news.
      if (!signal.aborted && turn > this.#shown) {
        this.#shown = turn;
        this.#show(channel);
        this.#showBans(bans);
      }
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) {
        return false;
      }
      const { status } = /** @type {import('./api.js').ApiError} */ (error);
      if (status === 0 || status >= 500) {
        return true; // a gateway that restarts, a silo that died: it is asked again
      }
      byId('channel-open').hidden = true;
      byId('channel-none').hidden = false;
      byId('channel-none').textContent = `#${this.#name}: ${sentence(error)}`;
      this.#stop.abort();
      return false;
    }
  }

  /**
   * Reading bans takes a token in Development too.
   * @param {AbortSignal} signal
   * @returns {Promise<{ identity: string, reason: string, until: string | null }[] | null>}
   */
  async #bans(signal) {
    return this.#api.token ? this.#api.get(`${this.#path}/bans`, signal) : null;
  }

  /** @param {any} channel */
  #show(channel) {
    const first = byId('channel-open').hidden;
    byId('channel-none').hidden = true;
    byId('channel-open').hidden = false;
    byId('channel-name').textContent = channel.channel;
    const pill = byId('channel-mode');
    pill.dataset.mode = channel.pending ? 'switching' : channel.mode;
    pill.textContent = channel.pending ? `${modeName(channel.mode)} → ${modeName(channel.pending.mode)}` : modeName(channel.mode);
    byId('channel-facts').replaceChildren(...facts(channel).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]));
    this.#people.show(channel.participants, channel.dominant);
    this.#showSettings(channel.settings);
    if (first) {
      byId('channel-heading').focus({ preventScroll: true });
    }
  }

  /** Not while somebody is changing them. @param {any} settings */
  #showSettings(settings) {
    this.#settings = settings;
    const form = /** @type {HTMLFormElement} */ (byId('settings'));
    if (!form.contains(document.activeElement)) {
      form.mode.value = settings.mode;
      form.maxParticipants.value = settings.maxParticipants ?? '';
    }
  }

  /** @param {{ identity: string, reason: string, until: string | null }[] | null} bans */
  #showBans(bans) {
    const lines = bans?.map(({ identity, reason, until }) => {
      const lift = element('button', { class: 'button small', type: 'button', 'aria-label': `Lift the ban of ${identity}` }, 'Lift');
      lift.addEventListener('click', () => this.#order('DELETE', `bans/${encodeURIComponent(identity)}`, `${identity} may come in again.`));
      return element('li', { 'data-identity': identity },
        element('span', {}, identity), element('small', {}, [reason, until ? `until ${new Date(until).toLocaleString()}` : 'for ever'].filter(Boolean).join(' · ')), lift);
    });
    const none = element('li', { class: 'empty' }, bans ? 'Nobody.' : 'Become administrator to see them.');
    byId('bans').replaceChildren(...(lines?.length ? lines : [none]));
  }

  /** @param {import('./follow.js').Happening} happening */
  #happened({ event, data }) {
    if (event === 'snapshot') {
      return; // where the stream begins: everything is on the page already
    }
    const list = byId('happened');
    list.prepend(element('li', {}, element('time', {}, new Date(data.at ?? Date.now()).toLocaleTimeString('en-GB')), element('b', {}, event), element('span', {}, told(data))));
    while (list.children.length > KEPT) {
      list.lastElementChild?.remove();
    }
  }

  /**
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} what below the channel
   * @param {string} done
   * @param {unknown} [body]
   */
  async #order(method, what, done, body) {
    const { signal } = this.#stop;
    if (await this.#act(() => this.#api.order(method, `${this.#path}${what && `/${what}`}`, body), done)) {
      // What an order has done is not always an event (a ban of somebody who is not there).
      void this.#read(signal);
    }
  }

  /**
   * @param {Participant} who
   * @param {string} reason
   * @param {number} hours 0: for ever
   */
  #ban(who, reason, hours) {
    const until = hours > 0 ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    return this.#order('PUT', `bans/${encodeURIComponent(who.identity)}`, `${who.name} is banned.`, { reason, until });
  }

  #save() {
    const form = /** @type {HTMLFormElement} */ (byId('settings'));
    if (!form.reportValidity()) {
      return;
    }
    const most = form.maxParticipants.value;
    // The whole settings are replaced: what this page does not show goes back as it came.
    void this.#order('PUT', 'settings', 'The settings are stored.', { ...this.#settings, mode: form.mode.value, maxParticipants: most ? Number(most) : null });
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  }

  async #close() {
    const name = this.#name;
    if (await confirm({ title: `Close #${name}?`, text: 'Everybody in it leaves at once.', action: 'Close channel', hurts: true })) {
      await this.#order('DELETE', '', `#${name} is closed.`);
    }
  }
}

/**
 * @param {any} channel
 * @returns {[string, string][]}
 */
function facts(channel) {
  return [
    ['Mode', `${modeName(channel.mode)} for ${ago(channel.since).replace(' ago', '')}: ${why(channel.reason)}, epoch ${channel.epoch}`],
    ...(channel.pending ? [/** @type {[string, string]} */ (['Switching', `to ${modeName(channel.pending.mode)}: ${why(channel.pending.reason)}, epoch ${channel.pending.epoch}`])] : []),
    ['Rooms', channel.rooms.length ? channel.rooms.map((/** @type {any} */ room) => `${room.node} (${room.region}, epoch ${room.epoch})`).join(', ') : 'none: members send to each other'],
  ];
}

/**
 * What is set in the data of an event, by name; what is false, null or empty says nothing.
 * @param {any} data
 * @returns {string}
 */
function told(data) {
  return Object.entries(data)
    .filter(([name, value]) => name !== 'at' && value !== null && value !== false && value !== '')
    .map(([name, value]) => (Array.isArray(value) ? `${name} ${value.length}` : typeof value === 'object' ? told(value) : value === true ? name : `${name} ${value}`))
    .join(' · ');
}
