// @ts-check
import { byId } from '../../shared/dom.js';

/** The join form: name, channel, and the last error. */
export class JoinCard {
  #root = byId('join');
  #form = byId('join-form');
  #name = byId('join-name', HTMLInputElement);
  #channel = byId('join-channel', HTMLInputElement);
  #button = byId('join-button', HTMLButtonElement);
  #error = byId('join-error');

  /** @param {(seat: { name: string, channel: string }) => void} join */
  constructor(join) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const seat = this.seat;
      const missing = [this.#name, this.#channel].find((input) => input.value.trim() === '');
      if (missing) {
        this.fail(missing === this.#name ? 'Tell the others your name first.' : 'Name the channel you want to join.');
        missing.focus();
      } else {
        join(seat);
      }
    });
  }

  get seat() {
    return { name: this.#name.value.trim(), channel: this.#channel.value.trim().replace(/^#/, '') };
  }

  /** @param {{ name?: string | null, channel?: string | null }} seat */
  fill({ name, channel }) {
    this.#name.value = name ?? '';
    this.#channel.value = channel ?? '';
  }

  show() {
    document.title = 'Hype';
    this.#root.hidden = false;
    this.#setBusy(false);
    (this.#name.value ? (this.#channel.value ? this.#button : this.#channel) : this.#name).focus();
  }

  hide() {
    this.#root.hidden = true;
  }

  busy() {
    this.fail('');
    this.#setBusy(true);
  }

  /** @param {string} sentence empty: no error */
  fail(sentence) {
    this.#error.textContent = sentence;
    this.#error.hidden = sentence === '';
    this.#setBusy(false);
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#button.disabled = busy;
    this.#button.textContent = busy ? 'Joining…' : 'Join';
    this.#form.toggleAttribute('aria-busy', busy);
  }
}
