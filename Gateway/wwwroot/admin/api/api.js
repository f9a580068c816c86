// @ts-check

/** A refusal, with one of the codes of docs/signaling.md and a sentence for people. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0: nobody answered
   */
  constructor(code, message, status) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** The gateway's REST (docs/rest.md), asked with this tab's token. */
export class Api {
  /** @type {string | null} */
  token = null;

  /**
   * @param {string} path below /api/voice/
   * @param {AbortSignal} [signal]
   */
  async get(path, signal) {
    return (await this.open(path, signal)).json();
  }

  /**
   * An answer that is read while it comes.
   * @param {string} path
   * @param {AbortSignal} [signal]
   */
  open(path, signal) {
    return this.#fetch(new URL(`../../api/voice/${path}`, import.meta.url), { signal });
  }

  /**
   * An order.
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async order(method, path, body) {
    const answer = await this.#fetch(new URL(`../../api/voice/${path}`, import.meta.url), withBody(method, body));
    return answer.status === 204 ? null : answer.json();
  }

  /** Lets the browser into the Orleans dashboard, which is pages and not calls: a cookie for its path alone, which no script can read. */
  async letIn() {
    await this.#fetch(new URL('../session', import.meta.url), { method: 'POST' });
  }

  async letOut() {
    await this.#fetch(new URL('../session', import.meta.url), { method: 'DELETE' });
  }

  /**
   * @param {URL} url
   * @param {RequestInit} options
   */
  async #fetch(url, options) {
    const headers = new Headers(options.headers);
    if (this.token) {
      headers.set('authorization', `Bearer ${this.token}`);
    }
    let answer;
    try {
      answer = await fetch(url, { ...options, headers, cache: 'no-store', credentials: 'same-origin' });
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
    throw new ApiError(problem.code ?? `http${answer.status}`, problem.detail ?? problem.message ?? `The gateway answered ${answer.status}.`, answer.status);
  }
}

/**
 * @param {string} method
 * @param {unknown} body
 * @returns {RequestInit}
 */
const withBody = (method, body) =>
  body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
