// @ts-check
import { byId, element, icon } from '../../shared/dom.js';
import { QUALITY } from '../words.js';

/** @import { Participant, ParticipantVolume } from '../../sdk/types.js' */

const BARS = { unknown: 0, lost: 0, poor: 1, good: 3, excellent: 4 };

/** The participants of the channel, one tile each; a tile exists as long as its participant stays. */
export class Members {
  #list = byId('members');
  /** @type {Map<number, Tile>} */
  #tiles = new Map();
  /** Opens the menu of a participant beside the button that was clicked. @type {(number: number, anchor: HTMLElement) => void} */
  openMenu = () => {};

  /**
   * @param {Participant[]} participants
   * @param {number} self
   */
  show(participants, self) {
    const here = new Set(participants.map(({ number }) => number));
    for (const [number, tile] of this.#tiles) {
      if (!here.has(number)) {
        tile.root.remove();
        this.#tiles.delete(number);
      }
    }
    participants.forEach((member, index) => {
      let tile = this.#tiles.get(member.number);
      if (!tile) {
        tile = new Tile(member, (anchor) => this.openMenu(member.number, anchor));
        this.#tiles.set(member.number, tile);
      }
      tile.update(member, member.number === self);
      // Tiles follow the roster's order. A tile in its place is not touched: moving it would restart its animations.
      if (this.#list.children[index] !== tile.root) {
        this.#list.insertBefore(tile.root, this.#list.children[index] ?? null);
      }
    });
    this.#list.dataset.few = String(participants.length <= 4);
  }

  /** @param {Set<number>} speaking */
  speaking(speaking) {
    for (const [number, tile] of this.#tiles) {
      tile.root.dataset.speaking = String(speaking.has(number));
    }
  }

  /** @param {number | null} dominant */
  dominant(dominant) {
    for (const [number, tile] of this.#tiles) {
      tile.root.dataset.dominant = String(number === dominant);
    }
  }

  /**
   * @param {number} number
   * @param {ParticipantVolume} volume
   */
  volume(number, volume) {
    this.#tiles.get(number)?.volume(volume);
  }

  clear() {
    this.#list.replaceChildren();
    this.#tiles.clear();
  }
}

class Tile {
  #avatar = element('span', { class: 'avatar', 'aria-hidden': 'true' });
  #name = element('span', { class: 'name' });
  #flags = element('span', { class: 'flags' });
  #bars = element('span', { class: 'bars', role: 'img' }, ...[1, 2, 3, 4].map(() => element('i')));
  #flagsText = element('span', { class: 'visually-hidden' });
  #more = element('button', {
    class: 'more', type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', 'data-testid': 'more',
  }, icon('more'));
  #volume = element('span', { class: 'own-volume', hidden: '' });

  /**
   * @param {Participant} member
   * @param {(anchor: HTMLElement) => void} openMenu
   */
  constructor(member, openMenu) {
    this.#more.addEventListener('click', () => openMenu(this.#more));
    this.root = element('li', { class: 'member', 'data-member': String(member.number), 'data-speaking': 'false' },
      this.#volume, this.#more,
      element('span', { class: 'ring' }, this.#avatar, this.#flags),
      element('span', { class: 'caption' }, this.#name, this.#bars),
      this.#flagsText);
    this.root.addEventListener('contextmenu', (event) => {
      if (!this.#more.hidden) {
        event.preventDefault();
        openMenu(this.#more);
      }
    });
  }

  /** @param {ParticipantVolume} wanted */
  volume({ volume, silenced }) {
    const text = silenced ? 'Muted for you' : volume === 1 ? '' : `${Math.round(volume * 100)} %`;
    this.#volume.hidden = text === '';
    this.#volume.dataset.silenced = String(silenced);
    this.#volume.title = silenced ? 'You do not hear this member' : 'The volume that you chose';
    this.#volume.textContent = text;
    this.root.dataset.silenced = String(silenced);
  }

  /**
   * @param {Participant} member
   * @param {boolean} own
   */
  update(member, own) {
    const { name, identity, muted, deafened, serverMuted, away, quality, attributes = {} } = member;
    this.root.dataset.muted = String(muted || serverMuted);
    this.root.dataset.deafened = String(deafened);
    this.root.dataset.away = String(away);
    this.root.dataset.own = String(own);
    this.root.dataset.name = name;
    this.#more.hidden = own;
    this.#more.setAttribute('aria-label', `Options for ${name}`);
    this.#more.title = `Options for ${name}`;
    this.#avatar.textContent = initials(name);
    this.#avatar.style.setProperty('--hue', String(hue(identity)));
    this.#name.replaceChildren(element('span', { class: 'name-text' }, name), ...(own ? [element('span', { class: 'you' }, 'you')] : []));
    this.#name.title = [name, ...Object.entries(attributes).map(([key, value]) => `${key}: ${value}`)].join('\n');
    this.#bars.dataset.bars = String(BARS[quality] ?? 0);
    this.#bars.dataset.quality = quality;
    this.#bars.title = QUALITY[quality] ?? '';
    this.#bars.setAttribute('aria-label', QUALITY[quality] ?? '');

    const flags = /** @type {[string, string, string][]} */ ([
      ...(away ? [['away', 'away', 'Reconnecting']] : []),
      ...(serverMuted ? [['shield', 'server-muted', 'Muted by a moderator']] : []),
      ...(deafened ? [['deaf', 'deafened', 'Deafened']] : muted && !serverMuted ? [['mic-off', 'muted', 'Muted']] : []),
    ]);
    this.#flags.replaceChildren(...flags.map(([symbol, flag, title]) => {
      const badge = element('span', { class: 'flag', 'data-flag': flag, title });
      badge.append(icon(symbol));
      return badge;
    }));
    this.#flagsText.textContent = flags.map(([, , title]) => title).join(', ');
  }
}

/** @param {string} name */
function initials(name) {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1
    ? [words[0], words[words.length - 1]].map((word) => [...word][0])
    : [...(words[0] ?? '?')].slice(0, 2);
  return letters.join('').toLocaleUpperCase();
}

/**
 * Gives the same identity the same colour on every screen.
 * @param {string} identity
 */
function hue(identity) {
  let hash = 2166136261; // FNV-1a
  for (const character of identity) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  return (hash >>> 0) % 360;
}
