// @ts-check

const LINES = 40;

/** @import { Emitter } from '../emitter.js' */
/** @import { ChannelEvents } from '../types.js' */

/** @typedef {{ [Name in keyof ChannelEvents]?: (payload: ChannelEvents[Name]) => string | null }} Sentences */

/**
 * The line that each event adds to the journal; null: none.
 * @type {Sentences}
 */
const SENTENCES = {
  mode: ({ mode, epoch, reason, switching, next }) => (switching
    ? `switching to ${next?.mode ?? mode}, ${next?.reason ?? reason}`
    : `plays ${mode}, epoch ${epoch}, ${reason}`),
  region: (region) => (region === null ? null : `served from ${region}`),
  reconnecting: ({ attempt }) => (attempt === 1 ? 'socket lost' : null),
  reconnected: ({ resumed }) => (resumed ? 'socket resumed' : 'joined again'),
  moved: ({ from, to }) => `moved from ${from} to ${to}`,
  moderated: ({ serverMuted }) => (serverMuted ? 'muted by a moderator' : 'unmuted by a moderator'),
  microphone: ({ label, lost, error }) => {
    const unplugged = lost === undefined ? '' : `, ${lost || 'the previous one'} was unplugged`;
    return `microphone ${error ? error.code : label}${unplugged}`;
  },
  error: ({ code }) => `error ${code}`,
};

/** The most recent events, for the connection report: users write a bug report after the moment of the bug. */
export class Journal {
  /** @type {string[]} */
  #lines = [];
  #began = performance.now();

  /** @param {Emitter<ChannelEvents>} channel */
  constructor(channel) {
    for (const name of /** @type {(keyof ChannelEvents)[]} */ (Object.keys(SENTENCES))) {
      this.#record(channel, name);
    }
  }

  get lines() {
    return [...this.#lines];
  }

  /**
   * @template {keyof ChannelEvents} Name
   * @param {Emitter<ChannelEvents>} channel
   * @param {Name} name
   */
  #record(channel, name) {
    channel.on(name, (payload) => {
      const line = SENTENCES[name]?.(payload) ?? null;
      if (line !== null) {
        this.#add(line);
      }
    });
  }

  /** @param {string} line */
  #add(line) {
    this.#lines.push(`${((performance.now() - this.#began) / 1000).toFixed(1)} s ${line}`);
    if (this.#lines.length > LINES) {
      this.#lines.shift();
    }
  }
}
