// @ts-check
import { reportText } from '../../sdk/hype-voice.js';
import { byId, element } from '../../shared/dom.js';
import { LevelMeter } from './level-meter.js';
import { rememberSettings, settings } from '../storage/memory.js';
import { decibels, describeKey } from '../words.js';

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */
/** @import { Settings } from '../storage/memory.js' */

const REPORT_INTERVAL_MS = 2000;

/** The settings dialog: talk mode, devices, and the quality of the connection. The choices stay in this browser. */
export class SettingsPanel {
  #dialog = byId('settings', HTMLDialogElement);
  #threshold = byId('threshold', HTMLInputElement);
  #key = byId('talk-key');
  #report = byId('report');
  #copied = byId('report-copied');
  #channel;
  #changed;
  /** @type {LevelMeter | null} */
  #meter = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #reportTimer;
  #stop = new AbortController();

  /**
   * @param {VoiceChannel} channel
   * @param {() => void} changed the talk mode, its key or its threshold changed
   */
  constructor(channel, changed) {
    this.#channel = channel;
    this.#changed = changed;
    const { signal } = this.#stop;
    byId('open-settings').addEventListener('click', () => this.#open(), { signal });
    byId('close-settings').addEventListener('click', () => this.#dialog.close(), { signal });
    this.#dialog.addEventListener('close', () => this.#closed(), { signal });
    // A click on the dialog itself is one beside its content, on the backdrop.
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close(), { signal });
    byId('talk-modes').addEventListener('change', ({ target }) => {
      this.#set({ talk: /** @type {Settings['talk']} */ (/** @type {HTMLInputElement} */ (target).value) });
    }, { signal });
    this.#threshold.addEventListener('input', () => this.#set({ threshold: this.#threshold.valueAsNumber / 100 }), { signal });
    this.#key.addEventListener('click', () => this.#askForKey(), { signal });
    byId('copy-report').addEventListener('click', () => this.#copy(), { signal });
    channel.on('transmitting', () => this.#showHeard());
    this.#show();
  }

  close() {
    this.#dialog.close();
    this.#stop.abort();
    this.#closed();
  }

  #open() {
    this.#copied.textContent = '';
    this.#show();
    this.#meter ??= new LevelMeter(byId('threshold-meter'), this.#channel);
    clearInterval(this.#reportTimer);
    this.#reportTimer = setInterval(() => void this.#showReport(), REPORT_INTERVAL_MS);
    void this.#showReport();
    this.#dialog.showModal();
  }

  #closed() {
    clearInterval(this.#reportTimer);
    this.#meter?.close();
    this.#meter = null;
  }

  /** @param {Partial<Settings>} change */
  #set(change) {
    rememberSettings(change);
    this.#show();
    this.#changed();
  }

  #show() {
    const { talk, talkKey, threshold } = settings();
    const radios = /** @type {NodeListOf<HTMLInputElement>} */ (byId('talk-modes').querySelectorAll('input[name="talk"]'));
    for (const radio of radios) {
      radio.checked = radio.value === talk;
    }
    byId('talk-key-row').hidden = talk !== 'pushToTalk';
    byId('threshold-row').hidden = talk !== 'voiceActivation';
    this.#key.textContent = describeKey(talkKey);
    this.#threshold.value = String(Math.round(threshold * 100));
    this.#threshold.setAttribute('aria-valuetext', decibels(threshold));
    byId('threshold-value').textContent = decibels(threshold);
    this.#showHeard();
  }

  #showHeard() {
    const { transmitting, muted, deafened, serverMuted } = this.#channel;
    const obstacle = serverMuted ? 'A moderator muted you' : muted || deafened ? 'You are muted' : '';
    byId('heard').textContent = obstacle || (transmitting ? 'You are heard' : 'Not heard: louder than the mark opens the microphone');
    byId('heard').dataset.live = String(transmitting);
  }

  #askForKey() {
    this.#key.textContent = 'Press a key…';
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, this.#stop.signal]);
    window.addEventListener('keydown', (event) => {
      event.preventDefault();
      event.stopPropagation();
      done.abort();
      if (event.code === 'Escape' || event.code === '') {
        this.#show();
      } else {
        this.#set({ talkKey: event.code });
      }
    }, { capture: true, signal });
    this.#key.addEventListener('blur', () => {
      done.abort();
      this.#show();
    }, { signal });
    this.#key.focus();
  }

  async #showReport() {
    const report = await this.#channel.report();
    this.#report.textContent = reportText(report);
    const { layout, region, quality, transports } = report;
    const connected = transports.some((transport) => transport.path) ? 'direct' : 'not connected';
    const path = transports.some((transport) => transport.path === 'relay') ? 'over a relay' : connected;
    /** @type {[string, string][]} */
    const facts = [
      ['Mode', layout?.mode.toUpperCase() ?? '–'],
      ['Region', region ?? '–'],
      ['Path', path],
      ['Codec', transports[0]?.sent.codec?.split(' ')[0] ?? '–'],
      ['Encryption', transports[0]?.security?.split(' ').slice(0, 2).join(' ') ?? '–'],
      ['Buffer', milliseconds(transports[0]?.received.bufferMs)],
      ['Round trip', milliseconds(quality?.rttMs)],
      ['Loss', quality ? `${quality.lossPercent} %` : '–'],
      ['Jitter', milliseconds(quality?.jitterMs)],
    ];
    byId('facts').replaceChildren(...facts.map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  }

  async #copy() {
    const text = reportText(await this.#channel.report());
    this.#report.textContent = text;
    try {
      await navigator.clipboard.writeText(text);
      this.#copied.textContent = 'Copied.';
    } catch {
      byId('report-details', HTMLDetailsElement).open = true; // the browser does not allow access to the clipboard
      window.getSelection()?.selectAllChildren(this.#report);
      this.#copied.textContent = 'Copy it from below.';
    }
  }
}

/** @param {number | null | undefined} value */
const milliseconds = (value) => (value === null || value === undefined ? '–' : `${value} ms`);
