// @ts-check

/**
 * @typedef {object} Happening
 * @property {string} id
 * @property {string} event
 * @property {any} data
 */

/**
 * Server-sent events over fetch: EventSource cannot show a token.
 * @param {Response} answer
 * @param {(happening: Happening) => void} tell
 * @returns {Promise<void>} when the stream has ended
 */
export async function readEvents(answer, tell) {
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
    // An event ends with an empty line; what is left begins the next one.
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const happening = parse(block);
      if (happening) {
        tell(happening);
      }
    }
  }
}

/**
 * @param {string} block
 * @returns {Happening | null} null for a comment, which only keeps the connection alive
 */
function parse(block) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).replace(/^ /, '');
      fields[name] = name in fields && name === 'data' ? `${fields[name]}\n${value}` : value;
    }
  }
  return fields.data === undefined ? null : { id: fields.id ?? '', event: fields.event ?? 'message', data: JSON.parse(fields.data) };
}
