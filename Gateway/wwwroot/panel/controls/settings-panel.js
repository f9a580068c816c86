// @ts-check
import { reportText } from '../../sdk/hype-voice.js';
import { byId, element } from '../../shared/dom.js';
import { LevelMeter } from './level-meter.js';
import { rememberSettings, settings } from '../storage/memory.js';
import { decibels, describeKey } from '../words.js';

/** @typedef {import('../../sdk/hype-voice.js').VoiceChannel} VoiceChannel */

const REPORT_INTERVAL_MS = 2000;

/** When you are heard, what you speak into, and how good the connection is. What is chosen stays in this browser. */
export class SettingsPanel {
  #dialog = byId('settings');
  #threshold = byId('threshold');
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
   * @param {() => void} changed how you talk
   */
  constructor(channel, changed) {
    this.#channel = channel;
    this.#changed = changed;
    const { signal } = this.#stop;
    /** @type {[any, string, (event: any) => void][]} */
    const handlers = [
      [byId('open-settings'), 'click', () => this.#open()],
      [byId('close-settings'), 'click', () => this.#dialog.close()],
      [this.#dialog, 'close', () => this.#closed()],
      [this.#dialog, 'click', ({ target }) => target === this.#dialog && this.#dialog.close()], // on what is behind it
      [byId('talk-modes'), 'change', ({ target }) => this.#set({ talk: target.value })],
      [this.#threshold, 'input', () => this.#set({ threshold: this.#threshold.valueAsNumber / 100 })],
      [this.#key, 'click', () => this.#askForKey()],
      [byId('copy-report'), 'click', () => this.#copy()],
    ];
    handlers.forEach(([target, name, handler]) => target.addEventListener(name, handler, { signal }));
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

  /** @param {Partial<import('../storage/memory.js').Settings>} change */
  #set(change) {
    rememberSettings(change);
    this.#show();
    this.#changed();
  }

  #show() {
    const { talk, talkKey, threshold } = settings();
    for (const radio of byId('talk-modes').querySelectorAll('input[name="talk"]')) {
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
    const held = serverMuted ? 'A moderator muted you' : muted || deafened ? 'You are muted' : '';
    byId('heard').textContent = held || (transmitting ? 'You are heard' : 'Not heard: louder than the mark opens the microphone');
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
    const path = transports.some((transport) => transport.path === 'relay') ? 'over a relay' : transports.some((transport) => transport.path) ? 'direct' : 'not connected';
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
    byId('facts').replaceChildren(...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  }

  async #copy() {
    const text = reportText(await this.#channel.report());
    this.#report.textContent = text;
    try {
      await navigator.clipboard.writeText(text);
      this.#copied.textContent = 'Copied.';
    } catch {
      byId('report-details').open = true; // the browser keeps its clipboard to itself
      window.getSelection()?.selectAllChildren(this.#report);
      this.#copied.textContent = 'Copy it from below.';
    }
  }
}

/** @param {number | null | undefined} value */
const milliseconds = (value) => (value === null || value === undefined ? '–' : `${value} ms`);
