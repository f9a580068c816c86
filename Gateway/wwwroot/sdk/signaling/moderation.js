// @ts-check
import { VoiceError } from '../errors.js';

/**
 * What a moderator does to the members of his channel: the calls of docs/rest.md, with the token that joined. Each resolves when the
 * server has done it, and rejects with a {@link VoiceError}: `forbidden` when the token does not allow it.
 */
export class Moderation {
  #source;

  /** @param {{ url: string, channel: () => string, token: () => string }} source `url`: of the gateway's socket */
  constructor(source) {
    this.#source = source;
  }

  /**
   * The token has the grant for this channel, as far as it can be read here: for what to show. The server decides.
   */
  get allowed() {
    const { grants, channels } = claims(this.#source.token());
    const channel = this.#source.channel();
    return [grants].flat().includes('moderate')
      && [channels].flat().some((pattern) => typeof pattern === 'string' && (pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : channel === pattern));
  }

  /** For everyone, until {@link unmute}. @param {number} number */
  mute(number) {
    return this.#order(number, 'mute');
  }

  /** @param {number} number */
  unmute(number) {
    return this.#order(number, 'unmute');
  }

  /** Ends the member's session; he may come back. @param {number} number */
  kick(number) {
    return this.#order(number, 'kick');
  }

  /**
   * Puts the member into another channel, without a join of his.
   * @param {number} number
   * @param {string} channel
   */
  move(number, channel) {
    return this.#order(number, 'move', { channel });
  }

  /**
   * @param {number} number
   * @param {string} order
   * @param {object} [body]
   */
  async #order(number, order, body) {
    const { url, channel, token } = this.#source;
    const path = `channels/${encodeURIComponent(channel())}/participants/${number}/${order}`;
    let response;
    try {
      response = await fetch(new URL(path, url.replace(/^ws/, 'http')), {
        method: 'POST',
        headers: { authorization: `Bearer ${token()}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new VoiceError('connectionFailed', 'The voice service cannot be reached.', { retryable: true, cause });
    }
    if (!response.ok) {
      const { code = 'internal', message = `The service answered ${response.status}.`, retryable, retryAfterMs } = await response.json().catch(() => ({}));
      throw new VoiceError(code, message, { retryable, retryAfterMs });
    }
  }
}

/**
 * The claims of a JWT, unchecked.
 * @param {string} token
 * @returns {{ grants?: unknown, channels?: unknown }}
 */
function claims(token) {
  try {
    const base64 = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))));
  } catch {
    return {}; // no JWT: what it allows is not for us to know
  }
}
