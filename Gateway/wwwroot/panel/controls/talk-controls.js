// @ts-check
import { holdToTalk } from '../../sdk/hype-voice.js';
import { byId } from '../../shared/dom.js';
import { settings } from '../storage/memory.js';
import { describeKey } from '../words.js';

/** @import { VoiceChannel } from '../../sdk/hype-voice.js' */

/** The push-to-talk key, and the button for devices without a keyboard, as the settings define them. */
export class TalkControls {
  #channel;
  #button = byId('talk');
  #stop = new AbortController();
  #releaseKey = () => {};

  /** @param {VoiceChannel} channel */
  constructor(channel) {
    this.#channel = channel;
    const { signal } = this.#stop;
    this.#button.addEventListener('pointerdown', (event) => {
      this.#button.setPointerCapture(event.pointerId); // so that the button receives the end of the press, wherever the finger is
      channel.talk.press();
    }, { signal });
    for (const end of ['pointerup', 'pointercancel']) {
      this.#button.addEventListener(end, () => channel.talk.release(), { signal });
    }
    this.#button.addEventListener('contextmenu', (event) => event.preventDefault(), { signal }); // a long press
    // The keyboard can hold the button too, whichever key the settings name.
    this.#button.addEventListener('keydown', (event) => [' ', 'Enter'].includes(event.key) && channel.talk.press(), { signal });
    for (const end of ['keyup', 'blur']) {
      this.#button.addEventListener(end, () => channel.talk.release(), { signal });
    }
    channel.on('transmitting', () => this.#show());
    this.apply();
  }

  /** Applies the present settings. */
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
