// @ts-check

/** @import { BanDetails, ChannelListItem, ExplanationDetails, HealthDetails, MintedToken } from './rest.js' */
/** @import { ModerationDetails, NodeDetails, RegionGateway, RestrictionDetails } from './rest.js' */

/** A refusal, with one of the codes of docs/signaling.md and a sentence for people. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0: no answer
   */
  constructor(code, message, status) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** Calls the gateway's REST API (docs/rest.md) with this tab's token. */
export class Api {
  /** @type {string | null} */
  token = null;

  /** @returns {Promise<HealthDetails>} */
  health() {
    return this.#read('health');
  }

  /** @returns {Promise<RegionGateway[]>} */
  regions() {
    return this.#read('regions');
  }

  /** @returns {Promise<NodeDetails[]>} */
  nodes() {
    return this.#read('nodes');
  }

  /**
   * @param {URLSearchParams} query
   * @returns {Promise<ChannelListItem[]>}
   */
  channels(query) {
    return this.#read(`channels?${query}`);
  }

  /**
   * @param {string} channel
   * @param {AbortSignal} signal
   * @returns {Promise<ExplanationDetails>}
   */
  explain(channel, signal) {
    return this.#read(`${pathOf(channel)}/explain`, signal);
  }

  /**
   * @param {string} channel
   * @param {AbortSignal} signal
   * @returns {Promise<BanDetails[]>}
   */
  bans(channel, signal) {
    return this.#read(`${pathOf(channel)}/bans`, signal);
  }

  /**
   * @param {string} channel
   * @param {AbortSignal} signal
   * @returns {Promise<RestrictionDetails[]>}
   */
  restrictions(channel, signal) {
    return this.#read(`${pathOf(channel)}/restrictions`, signal);
  }

  /**
   * Opens the channel's event stream.
   * @param {string} channel
   * @param {string} after the id of the last event that was read; empty: from now on
   * @param {AbortSignal} signal
   */
  events(channel, after, signal) {
    return this.#fetch(url(`${pathOf(channel)}/events${after && `?after=${after}`}`), { signal });
  }

  /** Development only. @returns {Promise<MintedToken>} */
  async adminToken() {
    return (await this.#fetch(url('tokens/admin'), { method: 'POST' })).json();
  }

  /**
   * Changes the channel.
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} channel
   * @param {string} path below the channel; empty: the channel itself
   * @param {unknown} [body]
   * @returns {Promise<ModerationDetails | null>} the answer to a moderator's order; null: none
   */
  async changeChannel(method, channel, path, body) {
    const answer = await this.#fetch(url(`${pathOf(channel)}${path && `/${path}`}`), withBody(method, body));
    return answer.headers.get('content-type')?.startsWith('application/json') ? answer.json() : null;
  }

  /**
   * @param {string} node
   * @param {boolean} draining
   */
  async drain(node, draining) {
    await this.#fetch(url(`nodes/${segment(node)}/drain`), { method: draining ? 'POST' : 'DELETE' });
  }

  /** Opens the Orleans dashboard to this browser: sets a cookie for its path alone, which no script can read. */
  async openDashboard() {
    await this.#fetch(new URL('../session', import.meta.url), { method: 'POST' });
  }

  async closeDashboard() {
    await this.#fetch(new URL('../session', import.meta.url), { method: 'DELETE' });
  }

  /**
   * @template Answer
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {Promise<Answer>}
   */
  async #read(path, signal) {
    return (await this.#fetch(url(path), { signal })).json();
  }

  /**
   * @param {URL} target
   * @param {RequestInit} options
   */
  async #fetch(target, options) {
    const headers = new Headers(options.headers);
    if (this.token) {
      headers.set('authorization', `Bearer ${this.token}`);
    }
    let answer;
    try {
      answer = await fetch(target, { ...options, headers, cache: 'no-store', credentials: 'same-origin' });
    } catch (error) {
      if (options.signal?.aborted) {
        throw error;
      }
      throw new ApiError('unreachable', 'The gateway cannot be reached.', 0);
    }
    if (answer.ok) {
      return answer;
    }
    const problem = await answer.json().catch(() => ({}));
    const sentence = problem.detail ?? problem.message ?? `The gateway answered ${answer.status}.`;
    throw new ApiError(problem.code ?? `http${answer.status}`, sentence, answer.status);
  }
}

/** @param {string} path below /api/voice/ */
const url = (path) => new URL(`../../api/voice/${path}`, import.meta.url);

/** @param {string} channel */
const pathOf = (channel) => `channels/${segment(channel)}`;

/**
 * Escapes a name in a path. URLs cannot contain the names `.` and `..`: the request would go to another path.
 * @param {string} name
 */
export function segment(name) {
  if (name === '.' || name === '..') {
    throw new ApiError('invalidName', `No path can contain the name '${name}'.`, 0);
  }
  return encodeURIComponent(name);
}

/**
 * @param {string} method
 * @param {unknown} body
 * @returns {RequestInit}
 */
const withBody = (method, body) =>
  body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
