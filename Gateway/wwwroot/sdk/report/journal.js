// @ts-check

const LINES = 40;

/**
 * What to write down of an event of the channel; null: nothing.
 * @type {{ [Name in keyof ChannelEvents]?: (payload: ChannelEvents[Name]) => string | null }}
 */
const SENTENCES = {
  mode: ({ mode, epoch, reason, switching, next }) => (switching ? `switching to ${next?.mode ?? mode}, ${next?.reason ?? reason}` : `plays ${mode}, epoch ${epoch}, ${reason}`),
  region: (region) => (region === null ? null : `served from ${region}`),
  reconnecting: ({ attempt }) => (attempt === 1 ? 'socket lost' : null),
  reconnected: ({ resumed }) => (resumed ? 'socket resumed' : 'joined again'),
  moved: ({ from, to }) => `moved from ${from} to ${to}`,
  moderated: ({ serverMuted }) => (serverMuted ? 'muted by a moderator' : 'unmuted by a moderator'),
  microphone: ({ label, lost, error }) => `microphone ${error ? error.code : label}${lost === undefined ? '' : `, ${lost || 'the other one'} was unplugged`}`,
  error: ({ code }) => `error ${code}`,
};

/** @typedef {import('../types.js').ChannelEvents} ChannelEvents */

/** What happened last, for the connection report: a bug is rarely in the moment at which it is written down. */
export class Journal {
  /** @type {string[]} */
  #lines = [];
  #began = performance.now();

  /** @param {import('../emitter.js').Emitter<ChannelEvents>} channel */
  constructor(channel) {
    for (const [name, sentence] of Object.entries(SENTENCES)) {
      channel.on(/** @type {keyof ChannelEvents} */ (name), (payload) => this.#note(/** @type {(payload: any) => string | null} */ (sentence)(payload)));
    }
  }

  get lines() {
    return [...this.#lines];
  }

  /** @param {string | null} line */
  #note(line) {
    if (line === null) {
      return;
    }
    this.#lines.push(`${((performance.now() - this.#began) / 1000).toFixed(1)} s ${line}`);
    if (this.#lines.length > LINES) {
      this.#lines.shift();
    }
  }
}
