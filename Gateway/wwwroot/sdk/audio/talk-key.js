// @ts-check

const TEXT = 'input:not([type="range"], [type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]';
const PRESSED_BY_KEY = 'button, a, summary, input, [role="button"]';

/**
 * Talks while a key is held, in the mode `pushToTalk`. Not while text is typed, and on a button that was reached with the
 * keyboard Space and Enter stay the button's. Keys that are held when the page loses the keyboard are let go.
 *
 * @param {import('../channel.js').VoiceChannel} channel
 * @param {string} code of the key, as in `KeyboardEvent.code`: the place on the keyboard, whatever is printed there
 * @returns {() => void} takes the key off again
 */
export function holdToTalk(channel, code) {
  const stop = new AbortController();
  let held = false;
  // Not `:focus-visible`: that is true as soon as any key is pressed, after a click too.
  let walking = false;
  const release = () => {
    held = false;
    channel.talk.release();
  };
  /** @param {KeyboardEvent} event */
  const isOthers = ({ target }) => target instanceof Element
    && (target.matches(TEXT) || (['Space', 'Enter'].includes(code) && walking && target.matches(PRESSED_BY_KEY)));
  window.addEventListener('pointerdown', () => (walking = false), { capture: true, signal: stop.signal });
  window.addEventListener('keydown', (event) => {
    walking ||= event.key === 'Tab';
    if (event.code === code && (held || !isOthers(event)) && channel.talk.mode.mode === 'pushToTalk') {
      event.preventDefault(); // Space would scroll, or press what was clicked last
      if (!held) {
        held = true;
        channel.talk.press();
      }
    }
  }, { signal: stop.signal });
  window.addEventListener('keyup', (event) => {
    if (event.code === code && held) {
      event.preventDefault();
      release();
    }
  }, { signal: stop.signal });
  window.addEventListener('blur', release, { signal: stop.signal });
  return () => {
    stop.abort();
    if (held) {
      release();
    }
  };
}
