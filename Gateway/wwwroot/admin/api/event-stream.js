// @ts-check

/** @import { NewsDetails } from './rest.js' */

/**
 * One server-sent event.
 * @typedef {object} StreamEvent
 * @property {string} id
 * @property {NewsDetails} data
 */

/**
 * Reads server-sent events over fetch, because EventSource cannot send a token.
 * @param {Response} answer
 * @param {(event: StreamEvent) => void} receive
 * @returns {Promise<void>} resolves when the stream has ended
 */
export async function readEvents(answer, receive) {
  if (!answer.body) {
    return;
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    text += value;
    // An empty line ends an event; the rest begins the next one.
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) {
        receive(event);
      }
    }
  }
}

/**
 * @param {string} block
 * @returns {StreamEvent | null} null for a comment, which only keeps the connection open
 */
function parse(block) {
  let id = '';
  /** @type {string | null} */
  let data = null;
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line.startsWith('id:')) {
      id = value;
    } else if (line.startsWith('data:')) {
      data = data === null ? value : `${data}\n${value}`;
    }
  }
  return data === null ? null : { id, data: JSON.parse(data) };
}
