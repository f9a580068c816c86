// @ts-check
import { VoiceError } from '../errors.js';

/** @import { Session } from './session.js' */

/**
 * Moderates the participants of your channel: makes the calls of docs/rest.md with the token that joined. Each call resolves when the
 * server has carried it out, and rejects with a {@link VoiceError}: `forbidden` if the token does not allow it.
 */
export class Moderation {
  #url;
  #session;

  /**
   * @internal
   * @param {string} url of the gateway's socket
   * @param {Session} session
   */
  constructor(url, session) {
    this.#url = url;
    this.#session = session;
  }

  /** The token has the grant `moderate` for this channel, as far as the client can read it: for what to show. The server decides. */
  get allowed() {
    const { grants, channels } = claims(this.#session.token);
    const { channel } = this.#session;
    /** @param {unknown} pattern */
    const matches = (pattern) => typeof pattern === 'string'
      && (pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : channel === pattern);
    return [grants].flat().includes('moderate') && [channels].flat().some(matches);
  }

  /**
   * Mutes the participant for everyone, until {@link unmute}.
   * @param {number} number
   */
  mute(number) {
    return this.#call(number, 'mute');
  }

  /** @param {number} number */
  unmute(number) {
    return this.#call(number, 'unmute');
  }

  /**
   * Ends the participant's session; the participant may join again.
   * @param {number} number
   */
  kick(number) {
    return this.#call(number, 'kick');
  }

  /**
   * Moves the participant to another channel, without a new join.
   * @param {number} number
   * @param {string} channel
   */
  move(number, channel) {
    return this.#call(number, 'move', { channel });
  }

  /**
   * @param {number} number
   * @param {string} action
   * @param {object} [body]
   */
  async #call(number, action, body) {
    const { channel, token } = this.#session;
    const path = `channels/${encodeURIComponent(channel)}/participants/${number}/${action}`;
    let response;
    try {
      response = await fetch(new URL(path, this.#url.replace(/^ws/, 'http')), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new VoiceError('connectionFailed', 'The voice service cannot be reached.', { retryable: true, cause });
    }
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      const { code = 'internal', message = `The service answered ${response.status}.`, retryable, retryAfterMs } = problem;
      throw new VoiceError(code, message, { retryable, retryAfterMs });
    }
  }
}

/**
 * The claims of a JWT, not verified.
 * @param {string} token
 * @returns {{ grants?: unknown, channels?: unknown }}
 */
function claims(token) {
  try {
    const base64 = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))));
  } catch {
    return {}; // not a JWT: the client cannot read its grants
  }
}
