// @ts-check

/** @import { VoiceChannel } from '../channel.js' */

const TEXT = 'input:not([type="range"], [type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]';
const PRESSED_BY_KEY = 'button, a, summary, input, [role="button"]';

/**
 * Transmits while a key is held, in the mode `pushToTalk`. It ignores the key while the user types text. On a button that was reached
 * with the keyboard, Space and Enter still press the button. A held key counts as released when the page loses the keyboard.
 *
 * @param {VoiceChannel} channel
 * @param {string} code of the key, as in `KeyboardEvent.code`: its position on the keyboard, whatever is printed on it
 * @returns {() => void} removes the key again
 */
export function holdToTalk(channel, code) {
  const stop = new AbortController();
  const { signal } = stop;
  let held = false;
  // Not `:focus-visible`: that matches as soon as any key is pressed, after a click too.
  let keyboardNavigation = false;
  const release = () => {
    held = false;
    channel.talk.release();
  };
  /** @param {KeyboardEvent} event */
  const isOthers = ({ target }) => target instanceof Element
    && (target.matches(TEXT) || (['Space', 'Enter'].includes(code) && keyboardNavigation && target.matches(PRESSED_BY_KEY)));
  window.addEventListener('pointerdown', () => (keyboardNavigation = false), { capture: true, signal });
  window.addEventListener('keydown', (event) => {
    keyboardNavigation ||= event.key === 'Tab';
    if (event.code === code && (held || !isOthers(event)) && channel.talk.mode.mode === 'pushToTalk') {
      event.preventDefault(); // Space would scroll, or press the button that was clicked last
      if (!held) {
        held = true;
        channel.talk.press();
      }
    }
  }, { signal });
  window.addEventListener('keyup', (event) => {
    if (event.code === code && held) {
      event.preventDefault();
      release();
    }
  }, { signal });
  window.addEventListener('blur', release, { signal });
  return () => {
    stop.abort();
    if (held) {
      release();
    }
  };
}
