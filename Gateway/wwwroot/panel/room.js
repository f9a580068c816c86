// @ts-check
import { byId } from './dom.js';
import { Members } from './members.js';
import { MicrophonePicker } from './microphone-picker.js';
import { ModePill } from './mode-pill.js';
import { announce, hideToast, showToast } from './notices.js';
import { describeError } from './words.js';

/** @typedef {import('../sdk/hype-voice.js').VoiceChannel} VoiceChannel */

const pill = new ModePill();
const members = new Members();

/** Everything that is on screen while you are in a channel. Listens to the channel, and tells it what you click. */
export class Room {
  #root = byId('room');
  #mute = byId('mute');
  #deafen = byId('deafen');
  #note = byId('listener-note');
  #channel;
  #picker;
  #stop = new AbortController();

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    this.#picker = new MicrophonePicker(channel);
    byId('channel-name').textContent = channel.name;
    this.#clicks();
    this.#keys();
    this.#events();
    this.#showMembers();
    this.#showState();
    this.#root.hidden = false;
    byId('channel-heading').focus({ preventScroll: true }); // so that a screen reader says where you are now
  }

  close() {
    this.#stop.abort();
    this.#picker.close();
    this.#root.hidden = true;
    members.clear();
    hideToast();
  }

  #clicks() {
    const { signal } = this.#stop;
    const channel = this.#channel;
    this.#mute.addEventListener('click', () => this.#toggleMute(), { signal });
    this.#deafen.addEventListener('click', () => channel.deafen(!channel.deafened), { signal });
    byId('leave').addEventListener('click', () => channel.leave(), { signal });
    byId('copy-link').addEventListener('click', () => this.#copyLink(), { signal });
    this.#note.querySelector('button').addEventListener('click', () => this.#retryMicrophone(), { signal });
    // Any touch of the page is what the browser was waiting for.
    for (const gesture of ['pointerdown', 'keydown']) {
      window.addEventListener(gesture, () => channel.playbackBlocked && void channel.resumeAudio(), { signal });
    }
  }

  #keys() {
    window.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea, [contenteditable]');
      if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (event.key === 'm' || event.key === 'M') {
        this.#toggleMute();
      } else if (event.key === 'd' || event.key === 'D') {
        this.#channel.deafen(!this.#channel.deafened);
      }
    }, { signal: this.#stop.signal });
  }

  #events() {
    const channel = this.#channel;
    channel.on('roster', ({ joined, left }) => {
      const gone = left.map(({ number }) => document.querySelector(`[data-member="${number}"]`)?.getAttribute('data-name'));
      this.#showMembers();
      joined.filter(({ number }) => number !== channel.number).forEach(({ name }) => announce(`${name} joined.`));
      gone.filter(Boolean).forEach((name) => announce(`${name} left.`));
    });
    channel.on('mode', (state) => pill.show(state, channel.settings?.p2pThreshold ?? 8));
    channel.on('speaking', (numbers) => members.speaking(numbers));
    channel.on('dominant', (number) => members.dominant(number));
    channel.on('state', () => {
      this.#showState();
      announce(channel.deafened ? 'You are deafened.' : channel.muted ? 'You are muted.' : 'Your microphone is on.');
    });
    channel.on('moderated', ({ serverMuted }) => {
      this.#showState();
      showToast(serverMuted ? 'A moderator muted you: nobody hears you now.' : 'A moderator lets you speak again.', { kind: serverMuted ? 'bad' : 'good', forMs: 6000 });
    });
    channel.on('microphone', ({ available, error }) => {
      this.#note.hidden = available;
      this.#note.querySelector('span').textContent = `You are only listening. ${error ? describeError(error) : ''}`;
      void this.#picker.refresh();
    });
    channel.on('playback', ({ blocked }) => {
      if (blocked) {
        showToast('Your browser plays no sound before you click.', { action: { label: 'Listen', run: () => void channel.resumeAudio() } });
      } else {
        hideToast();
      }
    });
    channel.on('reconnecting', ({ attempt }) => {
      // A drop that heals at once is nobody's business; the voices go on either way.
      if (attempt > 1) {
        showToast('Connection to the service lost. Reconnecting… You can keep talking.', { kind: 'working' });
      }
    });
    channel.on('reconnected', () => showToast('Connected again.', { kind: 'good', forMs: 2000 }));
    channel.on('error', (error) => showToast(describeError(error), { kind: 'bad', forMs: 6000 }));
  }

  #toggleMute() {
    const { muted, deafened } = this.#channel;
    this.#channel.mute(!(muted || deafened));
  }

  #showMembers() {
    const { roster, number, speaking, dominant, name } = this.#channel;
    members.show(roster, number);
    members.speaking(speaking);
    members.dominant(dominant);
    byId('member-count').textContent = String(roster.length);
    byId('alone').hidden = roster.length !== 1;
    document.title = `#${name} (${roster.length}) · Hype`;
  }

  #showState() {
    const { muted, deafened, serverMuted } = this.#channel;
    const silent = muted || deafened;
    toggle(this.#mute, silent, silent ? 'Unmute' : 'Mute', silent || serverMuted ? 'mic-off' : 'mic', 'M');
    toggle(this.#deafen, deafened, deafened ? 'Undeafen' : 'Deafen', deafened ? 'deaf' : 'deaf-off', 'D');
    byId('meter').dataset.live = String(!silent && !serverMuted);
  }

  async #copyLink() {
    const link = new URL(location.pathname, location.href);
    link.searchParams.set('channel', this.#channel.name);
    try {
      await navigator.clipboard.writeText(link.href);
      showToast('Link copied.', { kind: 'good', forMs: 2000 });
    } catch {
      showToast(`Send this link: ${link.href}`, { forMs: 15_000 }); // the browser keeps its clipboard to itself
    }
  }

  #retryMicrophone() {
    this.#channel.setMicrophone({}).catch((error) => {
      this.#note.querySelector('span').textContent = `You are only listening. ${describeError(error)}`;
    });
  }
}

/**
 * @param {HTMLElement} button
 * @param {boolean} pressed
 * @param {string} label
 * @param {string} symbol
 * @param {string} key
 */
function toggle(button, pressed, label, symbol, key) {
  button.setAttribute('aria-pressed', String(pressed));
  button.title = `${label} (${key})`;
  /** @type {HTMLElement} */ (button.querySelector('.tool-label')).textContent = label;
  /** @type {Element} */ (button.querySelector('use')).setAttribute('href', `#icon-${symbol}`);
}
