// @ts-check
import { DevicePicker } from '../controls/device-picker.js';
import { byId, find } from '../../shared/dom.js';
import { LevelMeter } from '../controls/level-meter.js';
import { MemberMenu } from './member-menu.js';
import { Members } from './members.js';
import { rememberSettings, rememberVolume, settings, volumes } from '../storage/memory.js';
import { ModePill } from './mode-pill.js';
import { announce, hideToast, showToast } from '../../shared/notices.js';
import { SettingsPanel } from '../controls/settings-panel.js';
import { TalkControls } from '../controls/talk-controls.js';
import { describeError } from '../words.js';

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */
/** @import { ParticipantVolume } from '../../sdk/types.js' */
/** @import { DeviceUse } from '../controls/device-picker.js' */

const pill = new ModePill();
const members = new Members();

/** The screen of a joined channel: shows the channel's events, and passes the user's clicks to it. */
export class Room {
  #root = byId('room');
  #mute = byId('mute');
  #deafen = byId('deafen');
  #note = byId('listener-note');
  #channel;
  #pickers;
  #meter;
  #menu;
  #talk;
  #settings;
  #stop = new AbortController();

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    this.#pickers = this.#createPickers();
    this.#meter = new LevelMeter(byId('meter'), channel);
    this.#menu = new MemberMenu(channel);
    members.openMenu = (number, anchor) => this.#menu.open(number, anchor);
    this.#talk = new TalkControls(channel);
    this.#settings = new SettingsPanel(channel, () => this.#talk.apply());
    this.#clicks();
    this.#keys();
    this.#events();
    this.#showMembers();
    this.#showState();
    this.#root.hidden = false;
    byId('channel-heading').focus({ preventScroll: true }); // so that a screen reader reads the channel's name
  }

  close() {
    this.#stop.abort();
    this.#pickers.forEach((picker) => picker.close());
    this.#meter.close();
    this.#menu.close();
    this.#talk.close();
    this.#settings.close();
    this.#root.hidden = true;
    members.clear();
    hideToast();
  }

  #createPickers() {
    const { devices } = this.#channel;
    /** @type {DeviceUse} */
    const microphone = {
      candidates: ({ microphones }) => microphones,
      current: () => {
        const { available, deviceId, label } = this.#channel.microphone;
        return { deviceId, label: available ? label || 'Microphone' : 'No microphone' };
      },
      choose: async (deviceId) => {
        await this.#channel.setMicrophone(deviceId);
        rememberSettings({ microphone: deviceId });
      },
    };
    /** @type {DeviceUse} */
    const speaker = {
      candidates: ({ speakers }) => speakers,
      current: () => ({ deviceId: devices.speaker || 'default', label: 'The system\'s choice' }),
      choose: async (deviceId) => {
        await devices.setSpeaker(deviceId);
        rememberSettings({ speaker: devices.speaker });
      },
    };
    byId('speaker-row').hidden = !devices.canChooseSpeaker;
    return [
      new DevicePicker(byId('microphone', HTMLSelectElement), devices, microphone),
      new DevicePicker(byId('settings-microphone', HTMLSelectElement), devices, microphone),
      new DevicePicker(byId('speaker', HTMLSelectElement), devices, speaker),
    ];
  }

  #refreshPickers() {
    this.#pickers.forEach((picker) => void picker.refresh());
  }

  #clicks() {
    const { signal } = this.#stop;
    const channel = this.#channel;
    this.#mute.addEventListener('click', () => this.#toggleMute(), { signal });
    this.#deafen.addEventListener('click', () => channel.deafen(!channel.deafened), { signal });
    byId('leave').addEventListener('click', () => channel.leave(), { signal });
    byId('copy-link').addEventListener('click', () => this.#copyLink(), { signal });
    find(this.#note, 'button').addEventListener('click', () => this.#retryMicrophone(), { signal });
    // Browsers start playback only after the user has interacted with the page.
    for (const gesture of ['pointerdown', 'keydown']) {
      window.addEventListener(gesture, () => channel.playbackBlocked && void channel.resumeAudio(), { signal });
    }
  }

  #keys() {
    window.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea, [contenteditable]');
      const asked = document.querySelector('dialog[open]') !== null;
      if (typing || asked || event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
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
      this.#showMembers();
      joined.filter(({ number }) => number !== channel.number).forEach(({ name }) => announce(`${name} joined.`));
      left.forEach(({ participant }) => announce(`${participant.name} left.`));
    });
    channel.on('mode', (state) => pill.show(state, channel.settings?.p2pThreshold ?? 8));
    channel.on('speaking', (numbers) => members.speaking(numbers));
    channel.on('dominant', (number) => members.dominant(number));
    channel.on('state', () => {
      this.#showState();
      announce(channel.deafened ? 'You are deafened.' : channel.muted ? 'You are muted.' : 'Your microphone is on.');
    });
    channel.on('grants', () => this.#showState());
    channel.on('moved', ({ to }) => {
      this.#showState();
      members.clear();
      showToast(`A moderator moved you to #${to}.`, { forMs: 8000 });
      announce(`You are in the channel ${to} now.`);
    });
    channel.on('volume', ({ number, volume, silenced }) => {
      const identity = channel.roster.find((member) => member.number === number)?.identity;
      if (identity) {
        rememberVolume(identity, { volume, silenced });
      }
      members.volume(number, { volume, silenced });
      this.#menu.show();
    });
    channel.on('moderated', ({ serverMuted }) => {
      this.#showState();
      showToast(serverMuted ? 'A moderator muted you: nobody hears you now.' : 'A moderator lets you speak again.', {
        kind: serverMuted ? 'bad' : 'good', forMs: 6000,
      });
    });
    channel.on('microphone', ({ available, error, lost, label }) => {
      if (lost !== undefined) {
        const gone = lost === '' ? 'Your microphone was unplugged.' : `${lost} was unplugged.`;
        showToast(available ? `${gone} You speak into ${label || 'the default microphone'} now.` : gone, {
          kind: available ? 'info' : 'bad', forMs: 8000,
        });
      }
      this.#note.hidden = available;
      find(this.#note, 'span').textContent = `You are only listening. ${error ? describeError(error) : ''}`;
      this.#refreshPickers();
    });
    channel.on('devices', () => this.#refreshPickers());
    channel.on('speaker', ({ lost }) => {
      if (lost !== undefined) {
        showToast(`${lost || 'Your output'} was unplugged. You hear the others on the default output now.`, { forMs: 8000 });
      }
      this.#refreshPickers();
    });
    channel.on('playback', ({ blocked }) => {
      if (blocked) {
        showToast('Your browser plays no sound before you click.', {
          action: { label: 'Listen', run: () => void channel.resumeAudio() },
        });
      } else {
        hideToast();
      }
    });
    channel.on('reconnecting', ({ attempt }) => {
      // The first attempt usually succeeds at once, and voices continue in any case: no toast for it.
      if (attempt > 1) {
        showToast('Connection to the service lost. Reconnecting… You can keep talking.', { kind: 'working' });
      }
    });
    channel.on('reconnected', () => showToast('Connected again.', { kind: 'good', forMs: 2000 }));
    channel.on('error', (error) => showToast(describeError(error), { kind: 'bad', forMs: 6000 }));
  }

  /** The sentence that says why the user may not speak; empty: they may. */
  get #whySilenced() {
    const { serverMuted, grants } = this.#channel;
    return serverMuted ? 'A moderator muted you.' : grants.includes('speak') ? '' : 'You may only listen in this channel.';
  }

  #toggleMute() {
    const { muted, deafened } = this.#channel;
    const forbidden = this.#whySilenced;
    if (forbidden) {
      // Unmuting would have no effect.
      showToast(`${forbidden} Only a moderator can let you speak.`, { kind: 'bad', forMs: 4000 });
      return;
    }
    this.#channel.mute(!(muted || deafened));
  }

  #showMembers() {
    const { roster, number, speaking, dominant } = this.#channel;
    const remembered = volumes();
    members.show(roster, number);
    for (const member of roster) {
      const wanted = remembered[member.identity];
      if (wanted && member.number !== number) {
        this.#applyVolume(member.number, wanted);
      }
    }
    this.#menu.show();
    this.#showChannel();
    members.speaking(speaking);
    members.dominant(dominant);
    byId('member-count').textContent = String(roster.length);
    byId('alone').hidden = roster.length !== 1;
  }

  /** Shows the channel's name, if it has one, before its id; the tooltip is the application's metadata. */
  #showChannel() {
    const { name, settings, roster } = this.#channel;
    const title = settings?.name ?? '';
    byId('channel-title').textContent = title;
    byId('channel-title').hidden = title === '';
    byId('channel-name').textContent = name;
    byId('channel-heading').title = settings?.metadata ?? '';
    document.title = `${title || `#${name}`} (${roster.length}) · Hype`;
  }

  /**
   * Applies a volume that was set before this page was loaded.
   * @param {number} number
   * @param {ParticipantVolume} wanted
   */
  #applyVolume(number, { volume, silenced }) {
    const { volumes: current } = this.#channel;
    const known = current.of(number);
    if (known.volume !== volume && volume >= 0 && volume <= 2) {
      current.set(number, volume);
    }
    if (known.silenced !== silenced) {
      current.silence(number, silenced === true);
    }
    members.volume(number, current.of(number));
  }

  #showState() {
    const { muted, deafened } = this.#channel;
    const silent = muted || deafened;
    const forbidden = this.#whySilenced;
    if (forbidden) {
      toggle(this.#mute, true, 'Silenced', 'shield', forbidden);
    } else {
      toggle(this.#mute, silent, silent ? 'Unmute' : 'Mute', silent ? 'mic-off' : 'mic', `${silent ? 'Unmute' : 'Mute'} (M)`);
    }
    this.#mute.setAttribute('aria-disabled', String(forbidden !== ''));
    const label = deafened ? 'Undeafen' : 'Deafen';
    toggle(this.#deafen, deafened, label, deafened ? 'deaf' : 'deaf-off', `${label} (D)`);
  }

  async #copyLink() {
    const link = new URL(location.pathname, location.href);
    link.searchParams.set('channel', this.#channel.name);
    try {
      await navigator.clipboard.writeText(link.href);
      showToast('Link copied.', { kind: 'good', forMs: 2000 });
    } catch {
      showToast(`Send this link: ${link.href}`, { forMs: 15_000 }); // the browser does not allow access to the clipboard
    }
  }

  #retryMicrophone() {
    this.#channel.setMicrophone({}).catch((error) => {
      find(this.#note, 'span').textContent = `You are only listening. ${describeError(error)}`;
    });
  }
}

/**
 * @param {HTMLElement} button
 * @param {boolean} pressed
 * @param {string} label
 * @param {string} symbol
 * @param {string} title
 */
function toggle(button, pressed, label, symbol, title) {
  button.setAttribute('aria-pressed', String(pressed));
  button.title = title;
  /** @type {HTMLElement} */ (button.querySelector('.tool-label')).textContent = label;
  /** @type {Element} */ (button.querySelector('use')).setAttribute('href', `#icon-${symbol}`);
}
