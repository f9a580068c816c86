// @ts-check
import { byId, element } from '../../shared/dom.js';
import { confirm } from '../widgets/confirm.js';
import { readEvents } from '../api/event-stream.js';
import { People } from './participants.js';
import { ago, modeName, sentence, stateOf, why } from '../words.js';

/** @typedef {import('../api/api.js').Api} Api */
/** @typedef {import('./participants.js').Participant} Participant */

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
    let after = '';
    while (await this.#read(signal)) {
      try {
        const answer = await this.#api.open(`${this.#path}/events${after}`, signal);
        this.#live(true);
        await readEvents(answer, (happening) => {
          after = `?after=${happening.id}`;
          this.#happened(happening.data);
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
      const [explanation, bans] = await Promise.all([this.#api.get(`${this.#path}/explain`, signal), this.#bans(signal)]);
      // An answer that a later one has overtaken is old news.
      if (!signal.aborted && turn > this.#shown) {
        this.#shown = turn;
        this.#show(explanation);
        this.#showBans(bans);
      }
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) {
        return false;
      }
      const { status } = /** @type {import('../api/api.js').ApiError} */ (error);
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

  /** @param {any} explanation */
  #show(explanation) {
    const { channel, history } = explanation;
    const first = byId('channel-open').hidden;
    if (first) {
      history.forEach((/** @type {any} */ news) => this.#happened(news));
    }
    byId('channel-none').hidden = true;
    byId('channel-open').hidden = false;
    byId('channel-name').textContent = channel.channel;
    const pill = byId('channel-mode');
    pill.dataset.mode = channel.pending ? 'switching' : channel.mode;
    pill.textContent = channel.pending ? `${modeName(channel.mode)} → ${modeName(channel.pending.mode)}` : modeName(channel.mode);
    byId('channel-facts').replaceChildren(...facts(explanation).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]));
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

  /** @param {any} news */
  #happened(news) {
    if (news.event === 'snapshot') {
      return; // where the stream begins, and after a gap: the state that is read next has all of it
    }
    const list = byId('happened');
    list.prepend(element('li', { 'data-event': news.event },
      element('time', { datetime: news.at }, new Date(news.at).toLocaleTimeString('en-GB')), element('b', {}, news.event), element('span', {}, told(news))));
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
 * @param {any} explanation
 * @returns {[string, string][]}
 */
function facts({ channel, modeBecause, rooms, links }) {
  const nameOf = new Map(channel.participants.map((/** @type {Participant} */ { number, name }) => [number, name]));
  /** @param {any} room */
  const describe = (room) => {
    const heard = room.slots.filter((/** @type {number} */ number) => number !== 0).map((/** @type {number} */ number) => nameOf.get(number) ?? `no. ${number}`);
    return [
      `${room.node} (${room.region}, epoch ${room.epoch})`,
      `${room.members.length} of the people`,
      heard.length > 0 && `in its slots: ${heard.join(', ')}`,
      room.draining && 'draining',
      room.because,
    ].filter(Boolean).join(' · ');
  };
  return [
    ...(channel.settings.name ? [pair('Name', channel.settings.name)] : []),
    pair('Mode', `${modeName(channel.mode)} for ${ago(channel.since).replace(' ago', '')}, epoch ${channel.epoch}. ${modeBecause}`),
    ...(channel.pending ? [pair('Switching', `to ${modeName(channel.pending.mode)}, epoch ${channel.pending.epoch}: ${why(channel.pending.reason)}`)] : []),
    ...(rooms.length > 0 ? rooms.map((/** @type {any} */ room) => pair('Room', describe(room))) : [pair('Rooms', 'none: members send to each other')]),
    ...links.map((/** @type {any} */ { low, high, up }) => pair('Link', `rooms of epoch ${low} and ${high}: ${up ? 'up' : 'being made'}`)),
  ];
}

/**
 * @param {string} term
 * @param {string} text
 * @returns {[string, string]}
 */
const pair = (term, text) => [term, text];

/** @param {any} news the member that is there says what it is about */
function told({ event, participant, left, mode, room, settings }) {
  if (participant) {
    // A quality says something only to those who know the one before.
    const state = [stateOf(participant), event === 'changed' && `quality ${participant.quality}`].filter(Boolean).join(', ');
    return `${participant.number} ${participant.name}${state && `: ${state}`}`;
  }
  if (left) {
    return `${left.number} (${left.identity}): ${left.reason}`;
  }
  if (mode) {
    return `${modeName(mode.mode)}, epoch ${mode.epoch}: ${why(mode.reason)}, ${mode.committed ? 'plays now' : 'is being prepared'}`;
  }
  if (room) {
    return `${room.room.node} (${room.room.region}, epoch ${room.room.epoch}): ${room.open ? 'opened' : 'closed'}`;
  }
  if (settings) {
    return `mode ${settings.mode}, ${settings.maxParticipants ? `at most ${settings.maxParticipants} people` : 'the default number of people'}`;
  }
  return ''; // of a newer gateway
}
