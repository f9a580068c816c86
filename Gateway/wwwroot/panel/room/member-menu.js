// @ts-check
import { ask, stopAsking } from './ask.js';
import { byId, element, find } from '../../shared/dom.js';
import { announce, showToast } from '../../shared/notices.js';
import { describeError } from '../words.js';

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */
/** @import { Participant } from '../../sdk/types.js' */

const MARGIN = 8;
/** A click beside the menu closes it. If that click hits the button of the menu, it must not open the menu again within this time. */
const SAME_CLICK_MS = 50;

/** The actions on another participant: for yourself, and for everyone if you are a moderator. */
export class MemberMenu {
  #menu = byId('member-menu');
  #volume = byId('menu-volume', HTMLInputElement);
  #silence = byId('menu-silence');
  #mute = byId('menu-mute');
  #channel;
  /** The participant that the menu is open for. @type {number | null} */
  #number = null;
  /** @type {HTMLElement | null} */
  #anchor = null;
  #closedAt = -Infinity;
  #stop = new AbortController();

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    const { signal } = this.#stop;
    const { volumes } = channel;
    this.#volume.addEventListener('input', () => this.#of((number) => volumes.set(number, this.#volume.valueAsNumber / 100)), { signal });
    this.#silence.addEventListener('click', () => this.#of((number) => volumes.silence(number, !volumes.of(number).silenced)), { signal });
    this.#mute.addEventListener('click', () => this.#muteForAll(), { signal });
    byId('menu-move').addEventListener('click', () => this.#askToMove(), { signal });
    byId('menu-kick').addEventListener('click', () => this.#askToKick(), { signal });
    this.#menu.addEventListener('keydown', (event) => this.#moveFocus(event), { signal });
    this.#menu.addEventListener('beforetoggle', ({ newState }) => {
      if (newState === 'closed') {
        this.#closedAt = performance.now();
      }
    }, { signal });
    this.#menu.addEventListener('toggle', ({ newState }) => this.#toggled(newState === 'open'), { signal });
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

  /** Shows the participant's present state. */
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
    find(this.#silence, '.menu-label').textContent = silenced ? 'Hear again' : 'Mute for me';
    byId('menu-moderation').hidden = !this.#channel.moderate.allowed;
    find(this.#mute, '.menu-label').textContent = member.serverMuted ? 'Let speak again' : 'Mute for everyone';
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

  #askToMove() {
    this.#ask((member) => ({
      title: `Move ${member.name}`,
      text: 'Into which channel? They can talk there at once.',
      input: 'Channel',
      action: 'Move',
      run: (channel) => this.#channel.moderate.move(member.number, channel),
      describe: (error) => (/** @type {{ code?: string }} */ (error).code === 'forbidden'
        ? 'You do not moderate that channel, so you cannot move anybody there.'
        : describeError(error)),
    }));
  }

  #askToKick() {
    this.#ask((member) => ({
      title: `Remove ${member.name}?`,
      text: 'This member leaves the channel at once, and may come back with the link.',
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
   * Places the menu below the button, within the window.
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
   * Moves the focus up and down, as in any menu; on the slider these keys belong to the slider.
   * @param {KeyboardEvent} event
   */
  #moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.target === this.#volume) {
      return;
    }
    event.preventDefault();
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.#menu.querySelectorAll('input, button'));
    const stops = [...all].filter((stop) => stop.checkVisibility());
    const next = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step;
    stops[(next + stops.length) % stops.length]?.focus();
  }
}
