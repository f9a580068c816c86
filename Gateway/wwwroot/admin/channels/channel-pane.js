// @ts-check
import { byId, element } from '../../shared/dom.js';
import { ApiError, segment } from '../api/api.js';
import { readEvents } from '../api/event-stream.js';
import { confirm } from '../widgets/confirm.js';
import { ago, modeName, sentence, stateOf, why } from '../words.js';
import { BanList } from './ban-list.js';
import { ParticipantTable } from './participants.js';
import { SettingsForm } from './settings-form.js';

/** @import { Api } from '../api/api.js' */
/** @import { ExplanationDetails, NewsDetails, ParticipantDetails, RoomExplanationDetails } from '../api/rest.js' */

/** The number of events that stay on the page. */
const MOST_EVENTS = 100;

/** Changes within this time are read together. */
const GATHER_MS = 100;

/** The pause before a broken stream is opened again. */
const RECONNECT_MS = 1000;

const NO_CHANNEL = 'Open a channel to see who is in it, and to moderate.';

/** One open channel: its state, its events, and the actions on its participants. */
export class ChannelPane {
  #api;
  #run;
  #name = '';
  #stop = new AbortController();
  #participants;
  #settings;
  #bans;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gatherTimer;
  #requested = 0;
  #shown = 0;

  /**
   * @param {Api} api
   * @param {(action: () => Promise<unknown>, done: string) => Promise<boolean>} run runs an action and shows its outcome
   */
  constructor(api, run) {
    this.#api = api;
    this.#run = run;
    this.#participants = new ParticipantTable(byId('people'), {
      mute: ({ number, name }, muted) =>
        this.#change('POST', `participants/${number}/${muted ? 'mute' : 'unmute'}`, `${name} is ${muted ? 'muted' : 'heard again'}.`),
      kick: ({ number, name }) => this.#change('POST', `participants/${number}/kick`, `${name} has left.`),
      move: ({ number, name }, to) =>
        this.#change('POST', `participants/${number}/move`, `${name} is in #${to} now.`, { channel: to }),
      ban: (participant, reason, hours) => this.#ban(participant, reason, hours),
    });
    byId('channel-close').addEventListener('click', () => this.#close());
    this.#settings = new SettingsForm((settings) => this.#change('PUT', 'settings', 'The settings are stored.', settings));
    this.#bans = new BanList({
      unban: (identity) => this.#change('DELETE', `bans/${segment(identity)}`, `${identity} may come in again.`),
      lift: (identity) => this.#change('DELETE', `restrictions/${segment(identity)}`, `${identity} is no longer restricted.`),
    });
  }

  /** @param {string} name empty: none */
  open(name) {
    this.#stop.abort();
    this.#stop = new AbortController();
    clearTimeout(this.#gatherTimer);
    this.#gatherTimer = undefined;
    this.#name = name;
    byId('channel-none').hidden = name !== '';
    byId('channel-none').textContent = NO_CHANNEL;
    byId('channel-open').hidden = true;
    byId('happened').replaceChildren();
    this.#settings.clear();
    if (name) {
      void this.#follow(this.#stop.signal);
    }
  }

  /**
   * Follows the channel's event stream, and opens it again where it broke. Each event also triggers a read of the whole state.
   * @param {AbortSignal} signal
   */
  async #follow(signal) {
    let last = '';
    while (await this.#read(signal)) {
      try {
        const answer = await this.#api.events(this.#name, last, signal);
        this.#showLive(true);
        await readEvents(answer, ({ id, data }) => {
          last = id;
          this.#addEvent(data);
          this.#gather(signal);
        });
      } catch {
        if (signal.aborted) {
          return;
        }
      }
      this.#showLive(false);
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  /** @param {boolean} live */
  #showLive(live) {
    byId('channel-live').dataset.live = String(live);
    byId('channel-live').textContent = live ? 'live' : 'connecting…';
  }

  /** @param {AbortSignal} signal */
  #gather(signal) {
    this.#gatherTimer ??= setTimeout(() => {
      this.#gatherTimer = undefined;
      void this.#read(signal);
    }, GATHER_MS);
  }

  /**
   * Reads and shows the whole state.
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false: there is nothing more to see
   */
  async #read(signal) {
    const turn = ++this.#requested;
    try {
      const [explanation, orders] = await Promise.all([this.#api.explain(this.#name, signal), this.#readOrders(signal)]);
      // An answer that arrives after a later one is outdated.
      if (!signal.aborted && turn > this.#shown) {
        this.#shown = turn;
        this.#show(explanation);
        this.#bans.show(orders);
      }
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) {
        return false;
      }
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 0 || status >= 500) {
        return true; // a restarting gateway or a lost silo: the next attempt follows
      }
      byId('channel-open').hidden = true;
      byId('channel-none').hidden = false;
      byId('channel-none').textContent = `#${this.#name}: ${sentence(error)}`;
      this.#stop.abort();
      return false;
    }
  }

  /**
   * Reads the bans and the restrictions, which requires a token in Development too.
   * @param {AbortSignal} signal
   */
  async #readOrders(signal) {
    if (!this.#api.token) {
      return null;
    }
    const [bans, restrictions] = await Promise.all([this.#api.bans(this.#name, signal), this.#api.restrictions(this.#name, signal)]);
    return { bans, restrictions };
  }

  /** @param {ExplanationDetails} explanation */
  #show(explanation) {
    const { channel, history } = explanation;
    const first = byId('channel-open').hidden;
    if (first) {
      history.forEach((news) => this.#addEvent(news));
    }
    byId('channel-none').hidden = true;
    byId('channel-open').hidden = false;
    byId('channel-name').textContent = channel.channel;
    const pill = byId('channel-mode');
    pill.dataset.mode = channel.pending ? 'switching' : channel.mode;
    pill.textContent = channel.pending ? `${modeName(channel.mode)} → ${modeName(channel.pending.mode)}` : modeName(channel.mode);
    const lines = facts(explanation).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]);
    byId('channel-facts').replaceChildren(...lines);
    this.#participants.show(channel.participants, channel.dominant);
    this.#settings.show(channel.settings);
    if (first) {
      byId('channel-heading').focus({ preventScroll: true });
    }
  }

  /** @param {NewsDetails} news */
  #addEvent(news) {
    if (news.event === 'snapshot' || news.at === null) {
      return; // the start of the stream, or a gap: the next read has the whole state
    }
    const list = byId('happened');
    const time = element('time', { datetime: news.at }, new Date(news.at).toLocaleTimeString('en-GB'));
    list.prepend(element('li', { 'data-event': news.event }, time, element('b', {}, news.event), element('span', {}, describe(news))));
    while (list.children.length > MOST_EVENTS) {
      list.lastElementChild?.remove();
    }
  }

  /**
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} path below the channel
   * @param {string} done
   * @param {unknown} [body]
   * @returns {Promise<boolean>} false: the change was refused
   */
  async #change(method, path, done, body) {
    const { signal } = this.#stop;
    const changed = await this.#run(() => this.#api.changeChannel(method, this.#name, path, body), done);
    if (changed) {
      // Not every change is an event: a ban of an absent identity is none.
      void this.#read(signal);
    }
    return changed;
  }

  /**
   * @param {ParticipantDetails} participant
   * @param {string} reason
   * @param {number} hours 0: without an end
   */
  #ban({ identity, name }, reason, hours) {
    const until = hours > 0 ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    return this.#change('PUT', `bans/${segment(identity)}`, `${name} is banned.`, { reason, until });
  }

  async #close() {
    const name = this.#name;
    if (await confirm({ title: `Close #${name}?`, text: 'Everybody in it leaves at once.', action: 'Close channel', destructive: true })) {
      await this.#change('DELETE', '', `#${name} is closed.`);
    }
  }
}

/**
 * @param {ExplanationDetails} explanation
 * @returns {[string, string][]}
 */
function facts({ channel, modeBecause, rooms, links }) {
  const { mode, epoch, pending, settings, since } = channel;
  const nameOf = new Map(channel.participants.map(({ number, name }) => [number, name]));
  /** @param {RoomExplanationDetails} room */
  const describeRoom = ({ node, region, epoch, members, slots, draining, because }) => {
    const speakers = slots.filter((number) => number !== 0).map((number) => nameOf.get(number) ?? `no. ${number}`);
    return [
      `${node} (${region}, epoch ${epoch})`,
      members.length === 1 ? '1 person' : `${members.length} people`,
      speakers.length > 0 && `slots: ${speakers.join(', ')}`,
      draining && 'draining',
      because,
    ].filter(Boolean).join(' · ');
  };
  /** @type {[string, string][]} */
  const lines = [['Mode', `${modeName(mode)} for ${ago(since).replace(' ago', '')}, epoch ${epoch}. ${modeBecause}`]];
  if (settings.name) {
    lines.unshift(['Name', settings.name]);
  }
  if (pending) {
    lines.push(['Switching', `to ${modeName(pending.mode)}, epoch ${pending.epoch}: ${why(pending.reason)}`]);
  }
  if (rooms.length === 0) {
    lines.push(['Rooms', 'none: members send to each other']);
  }
  rooms.forEach((room) => lines.push(['Room', describeRoom(room)]));
  links.forEach(({ low, high, up }) => lines.push(['Link', `rooms of epoch ${low} and ${high}: ${up ? 'up' : 'being made'}`]));
  return lines;
}

/** @param {NewsDetails} news */
function describe({ event, participant, left, mode, room, settings }) {
  if (participant) {
    // The quality means something only as a change of the one before.
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
    const most = settings.maxParticipants ? `at most ${settings.maxParticipants} people` : 'the default number of people';
    return `mode ${settings.mode}, ${most}`;
  }
  return ''; // an event of a newer gateway
}
