// @ts-check
import { ask, stopAsking } from './ask.js';
import { byId, element } from '../../shared/dom.js';
import { announce, showToast } from '../../shared/notices.js';
import { describeError } from '../words.js';

/** @typedef {import('../../sdk/hype-voice.js').VoiceChannel} VoiceChannel */
/** @typedef {import('../../sdk/types.js').Participant} Participant */

const MARGIN = 8;
/** A click beside the menu closes it, and one on the button that opened it must not open it again. */
const SAME_CLICK_MS = 50;

/** What you can do about another member: for yourself, and for everyone if you are a moderator. */
export class MemberMenu {
  #menu = byId('member-menu');
  #volume = byId('menu-volume');
  #silence = byId('menu-silence');
  #mute = byId('menu-mute');
  #channel;
  /** @type {number | null} whom it is about */
  #number = null;
  /** @type {HTMLElement | null} */
  #anchor = null;
  #closedAt = -Infinity;
  #stop = new AbortController();

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    const { signal } = this.#stop;
    /** @type {[any, string, (event: any) => void][]} */
    const handlers = [
      [this.#volume, 'input', () => this.#of((number) => channel.volumes.set(number, this.#volume.valueAsNumber / 100))],
      [this.#silence, 'click', () => this.#of((number) => channel.volumes.silence(number, !channel.volumes.of(number).silenced))],
      [this.#mute, 'click', () => this.#muteForAll()],
      [byId('menu-move'), 'click', () => this.#askWhereTo()],
      [byId('menu-kick'), 'click', () => this.#askToKick()],
      [this.#menu, 'keydown', (event) => this.#walk(event)],
      [this.#menu, 'beforetoggle', ({ newState }) => newState === 'closed' && (this.#closedAt = performance.now())],
      [this.#menu, 'toggle', ({ newState }) => this.#toggled(newState === 'open')],
    ];
    handlers.forEach(([target, name, handler]) => target.addEventListener(name, handler, { signal }));
  }

  /**
   * @param {number} number
   * @param {HTMLElement} anchor
   */
  open(number, anchor) {
    if (anchor === this.#anchor && performance.now() - this.#closedAt < SAME_CLICK_MS) {
      return;
    }
    this.#anchor?.setAttribute('aria-expanded', 'false');
    this.#number = number;
    this.#anchor = anchor;
    this.show();
    this.#menu.showPopover();
    this.#place(anchor.getBoundingClientRect());
    this.#volume.focus();
  }

  /** Something about the member may have changed. */
  show() {
    const member = this.#member;
    if (!member) {
      this.#hide();
      return;
    }
    const { volume, silenced } = this.#channel.volumes.of(member.number);
    byId('menu-name').textContent = member.name;
    byId('menu-attributes').replaceChildren(
      ...Object.entries(member.attributes ?? {}).flatMap(([key, value]) => [element('dt', {}, key), element('dd', {}, value)]));
    this.#volume.value = String(Math.round(volume * 100));
    this.#volume.style.setProperty('--filled', `${volume * 50}%`);
    this.#volume.setAttribute('aria-valuetext', `${Math.round(volume * 100)} percent`);
    byId('menu-volume-value').textContent = `${Math.round(volume * 100)} %`;
    this.#silence.setAttribute('aria-pressed', String(silenced));
    this.#silence.querySelector('.menu-label').textContent = silenced ? 'Hear again' : 'Mute for me';
    byId('menu-moderation').hidden = !this.#channel.moderate.allowed;
    this.#mute.querySelector('.menu-label').textContent = member.serverMuted ? 'Let speak again' : 'Mute for everyone';
  }

  close() {
    this.#stop.abort();
    this.#hide();
    stopAsking();
  }

  get #member() {
    return this.#channel.roster.find(({ number }) => number === this.#number);
  }

  #hide() {
    if (this.#menu.matches(':popover-open')) {
      this.#menu.hidePopover();
    }
  }

  /** @param {boolean} open */
  #toggled(open) {
    this.#anchor?.setAttribute('aria-expanded', String(open));
    if (!open) {
      this.#number = null;
    }
  }

  /** @param {(number: number) => void} action */
  #of(action) {
    if (this.#member) {
      action(this.#member.number);
    }
  }

  async #muteForAll() {
    const member = this.#member;
    if (!member) {
      return;
    }
    this.#hide();
    const { moderate } = this.#channel;
    try {
      await (member.serverMuted ? moderate.unmute(member.number) : moderate.mute(member.number));
      announce(member.serverMuted ? `${member.name} can speak again.` : `${member.name} is muted for everyone.`);
    } catch (error) {
      showToast(describeError(error), { kind: 'bad', forMs: 6000 });
    }
  }

  #askWhereTo() {
    this.#ask((member) => ({
      title: `Move ${member.name}`,
      text: 'Into which channel? Whoever is moved talks on there at once.',
      input: 'Channel',
      action: 'Move',
      run: (channel) => this.#channel.moderate.move(member.number, channel),
      describe: (error) => (/** @type {{ code?: string }} */ (error).code === 'forbidden' ? 'You do not moderate that channel, so you cannot send anybody there.' : describeError(error)),
    }));
  }

  #askToKick() {
    this.#ask((member) => ({
      title: `Remove ${member.name}?`,
      text: 'The channel is over for this member, who may come back with the link.',
      action: 'Remove',
      danger: true,
      run: () => this.#channel.moderate.kick(member.number),
      describe: describeError,
    }));
  }

  /** @param {(member: Participant) => Parameters<typeof ask>[0]} question */
  #ask(question) {
    const member = this.#member;
    if (member) {
      this.#hide();
      ask(question(member));
    }
  }

  /**
   * Below what was clicked, within the window.
   * @param {DOMRect} anchor
   */
  #place(anchor) {
    const { offsetWidth: width, offsetHeight: height } = this.#menu;
    const left = Math.max(MARGIN, Math.min(anchor.right - width, window.innerWidth - width - MARGIN));
    const below = anchor.bottom + 4;
    const top = below + height + MARGIN <= window.innerHeight ? below : Math.max(MARGIN, anchor.top - height - 4);
    this.#menu.style.setProperty('--left', `${left}px`);
    this.#menu.style.setProperty('--top', `${top}px`);
  }

  /**
   * Up and down as in any menu; on the slider they are the slider's.
   * @param {KeyboardEvent} event
   */
  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.target === this.#volume) {
      return;
    }
    event.preventDefault();
    const stops = [...this.#menu.querySelectorAll('input, button')].filter((stop) => stop.checkVisibility());
    const next = stops.indexOf(document.activeElement) + step;
    stops[(next + stops.length) % stops.length]?.focus();
  }
}
