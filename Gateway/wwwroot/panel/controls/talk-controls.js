// @ts-check
import { holdToTalk } from '../../sdk/hype-voice.js';
import { byId } from '../../shared/dom.js';
import { settings } from '../storage/memory.js';
import { describeKey } from '../words.js';

/** How you talk, as the settings say: the key, and the button for those without a keyboard. */
export class TalkControls {
  #channel;
  #button = byId('talk');
  #stop = new AbortController();
  #releaseKey = () => {};

  /** @param {import('../../sdk/hype-voice.js').VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    const { signal } = this.#stop;
    this.#button.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
      this.#button.setPointerCapture(event.pointerId); // so that the end is told here, wherever the finger is by then
      channel.talk.press();
    }, { signal });
    for (const end of ['pointerup', 'pointercancel']) {
      this.#button.addEventListener(end, () => channel.talk.release(), { signal });
    }
    this.#button.addEventListener('contextmenu', (/** @type {Event} */ event) => event.preventDefault(), { signal }); // a long press
    // Held with the keyboard too, whichever key the settings name.
    this.#button.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => [' ', 'Enter'].includes(event.key) && channel.talk.press(), { signal });
    for (const end of ['keyup', 'blur']) {
      this.#button.addEventListener(end, () => channel.talk.release(), { signal });
    }
    channel.on('transmitting', () => this.#show());
    this.apply();
  }

  /** The settings have changed. */
  apply() {
    const { talk, talkKey, threshold } = settings();
    this.#releaseKey();
    this.#channel.talk.use(talk === 'voiceActivation' ? { mode: talk, threshold } : { mode: talk });
    this.#releaseKey = talk === 'pushToTalk' ? holdToTalk(this.#channel, talkKey) : () => {};
    this.#button.hidden = talk !== 'pushToTalk';
    this.#button.title = `Hold to talk (${describeKey(talkKey)})`;
    this.#show();
  }

  close() {
    this.#stop.abort();
    this.#releaseKey();
  }

  #show() {
    this.#button.dataset.live = String(this.#channel.transmitting);
  }
}
