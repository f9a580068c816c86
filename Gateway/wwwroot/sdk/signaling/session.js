// @ts-check
import { Backoff } from './backoff.js';
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';
import { GatewayRing } from './gateway-ring.js';
import { NewestToken } from './newest-token.js';
import { Socket } from './socket.js';

/** Messages that wait for a lost socket to come back; more than this means that nobody is listening any more. */
const OUTBOX_LIMIT = 256;

/** @typedef {import('../types.js').Welcome} Welcome */

/**
 * A seat in the channel, across as many sockets and gateways as it takes: resumes with the token of the newest welcome, joins again
 * when the session has expired, and gives up only when told to stay away. Media is not its business and goes on meanwhile.
 *
 * @extends {Emitter<{
 *   welcome: Welcome,
 *   message: any,
 *   lost: { attempt: number, retryInMs: number },
 *   closed: import('./socket.js').Goodbye,
 * }>}
 */
export class Session extends Emitter {
  #options;
  /** Where the seat is: a moderator may have put it into another channel. */
  #channel;
  #gateways;
  #backoff = new Backoff();
  #token;
  /** @type {Socket | null} */
  #socket = null;
  /** @type {string | null} */
  #resumeToken = null;
  /** @type {'joining' | 'open' | 'waiting' | 'closed'} */
  #state = 'joining';
  /** Candidates and restarts of this session: what the next gateway has to go beyond. */
  #moves = 0;
  /** @type {object[]} */
  #outbox = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pauseTimer;
  /** @type {{ resolve: (welcome: Welcome) => void, reject: (error: VoiceError) => void } | null} */
  #first = null;

  /**
   * @param {{ url: string, channel: string, token: import('../types.js').JoinOptions['token'], hello: () => object }} options
   *   `hello`: the fields of `join` beside channel and token, asked for at each join
   */
  constructor(options) {
    super();
    this.#options = options;
    this.#channel = options.channel;
    this.#gateways = new GatewayRing(options.url);
    this.#token = new NewestToken(options.token);
  }

  /**
   * The first join. Later ones happen by themselves.
   * @returns {Promise<Welcome>} rejects with a {@link VoiceError}
   */
  connect() {
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      void this.#attempt();
    });
  }

  /**
   * @param {{ type: string } & Record<string, any>} message
   * @returns {boolean} false: it is kept until the session is resumed, or the gateway takes more
   */
  send(message) {
    const paused = this.#pauseTimer !== undefined;
    if (this.#state === 'open' && !paused && this.#socket?.send(message)) {
      return true;
    }
    if ((this.#state === 'waiting' || paused) && this.#outbox.length < OUTBOX_LIMIT) {
      this.#outbox.push(message);
    }
    return false;
  }

  /** The newest token: the one that joined, or what the gateway has made of it since. */
  get token() {
    return this.#token.current ?? '';
  }

  /** The URL of the gateway that we are at, or try. */
  get gateway() {
    return this.#gateways.current;
  }

  /** The network may be back, or another one: do not wait for the next attempt or heartbeat. */
  hurry() {
    if (this.#state === 'waiting' && this.#retryTimer !== undefined) {
      clearTimeout(this.#retryTimer);
      void this.#attempt();
    } else if (this.#state === 'open') {
      this.#socket?.probe();
    }
  }

  leave() {
    this.#socket?.send({ type: 'leave' });
    this.#close({ reason: 'left', reconnect: false, message: 'You left the channel.' });
  }

  async #attempt() {
    this.#retryTimer = undefined;
    const { hello } = this.#options;
    const channel = this.#channel;
    let first;
    if (this.#resumeToken !== null) {
      const token = this.#token.current;
      first = { type: 'resume', channel, resumeToken: this.#resumeToken, ...(this.#moves > 0 && { moves: this.#moves }), ...(token !== null && { token }) };
    } else {
      try {
        first = { type: 'join', channel, token: await this.#token.take(channel), ...hello() };
      } catch (cause) {
        const error = cause instanceof VoiceError ? cause : new VoiceError('tokenFailed', `No token could be had (${cause}).`, { retryable: true, cause });
        return this.#refused(error);
      }
      if (this.#state === 'closed') {
        return undefined;
      }
    }
    this.#socket = new Socket(this.#gateways.current, first, {
      message: (message) => this.#receive(message),
      ended: (goodbye) => this.#ended(goodbye),
    });
    return undefined;
  }

  /** @param {any} message */
  #receive(message) {
    if (message.type === 'welcome') {
      this.#open(message);
    } else if (message.type === 'token') {
      this.#token.refresh(message);
    } else if (this.#state === 'open') {
      if (message.type === 'candidate' || (message.type === 'offer' && message.restart)) {
        this.#moves += 1;
      }
      if (message.type === 'error' && message.code === 'tooManyRequests' && message.inReplyTo === undefined) {
        this.#pause(message.retryAfterMs);
      }
      this.emit('message', message);
    } else if (message.type === 'error') {
      const { code, message: sentence, retryable, retryAfterMs } = message;
      this.#refused(new VoiceError(code, sentence, { retryable, retryAfterMs }));
    }
  }

  /**
   * The gateway has had too many messages of us: the next ones wait for as long as it asks.
   * @param {number} forMs
   */
  #pause(forMs) {
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => {
      this.#pauseTimer = undefined;
      if (this.#state === 'open') {
        this.#outbox.splice(0).forEach((message) => this.send(/** @type {any} */ (message)));
      }
    }, forMs);
  }

  /** @param {Welcome} welcome */
  #open(welcome) {
    const moved = this.#state === 'open' && welcome.channel !== this.#channel;
    this.#state = 'open';
    this.#channel = welcome.channel;
    if (!moved) {
      clearTimeout(this.#pauseTimer); // another socket, another count
      this.#pauseTimer = undefined;
    }
    this.#resumeToken = welcome.resumeToken;
    this.#gateways.learn(welcome.gateways ?? []);
    if (!welcome.resumed) {
      this.#moves = 0;
    }
    this.#backoff.reset();
    this.#socket?.beat(welcome.limits.pingIntervalMs);
    // What was said to an expired session means nothing to the new one.
    const outbox = welcome.resumed ? this.#outbox : [];
    this.#outbox = [];
    if (moved) {
      this.#socket?.send({ type: 'moved', channel: welcome.channel }); // what follows is of this channel
    }
    this.emit('welcome', welcome);
    for (const message of outbox) {
      this.send(/** @type {any} */ (message));
    }
    this.#first?.resolve(welcome);
    this.#first = null;
  }

  /** @param {VoiceError} error the answer to `join` or `resume` */
  #refused(error) {
    this.#discardSocket();
    if (this.#first) {
      this.#fail(error);
    } else if (this.#resumeToken !== null && !error.retryable) {
      // Whatever the reason, this session cannot be had any more. A new one may: the token decides.
      this.#resumeToken = null;
      void this.#attempt();
    } else if (error.code === 'unauthorized' && this.#token.reject()) {
      void this.#attempt();
    } else if (error.retryable) {
      this.#retry(error.retryAfterMs);
    } else {
      this.#close({ reason: error.code, reconnect: false, message: error.message });
    }
  }

  /** @param {import('./socket.js').Goodbye} goodbye */
  #ended(goodbye) {
    this.#socket = null;
    if (this.#state === 'closed') {
      return;
    }
    if (this.#first) {
      const code = goodbye.reason === 'connectionLost' ? 'connectionFailed' : goodbye.reason;
      this.#fail(new VoiceError(code, goodbye.reason === 'connectionLost' ? 'The voice service cannot be reached.' : goodbye.message, { retryable: goodbye.reconnect }));
    } else if (goodbye.reconnect) {
      this.#retry();
    } else if (goodbye.reason === 'sessionExpired' || (goodbye.reason === 'unauthorized' && this.#resumeToken !== null)) {
      this.#resumeToken = null;
      this.#retry(0);
    } else {
      this.#close(goodbye);
    }
  }

  /** @param {number} [retryAfterMs] */
  #retry(retryAfterMs) {
    this.#state = 'waiting';
    const attempt = this.#backoff.attempt + 1;
    const backoffMs = this.#backoff.next();
    // Another gateway was not what failed: it is asked at once, and only then is it a matter of patience.
    const atOnce = attempt === 1 && this.#gateways.hasOthers;
    // Those who were told the same moment do not come in the same millisecond.
    const retryInMs = retryAfterMs ? retryAfterMs + (backoffMs / 2) : retryAfterMs ?? (atOnce ? 0 : backoffMs);
    this.#gateways.next();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#attempt(), retryInMs);
    this.emit('lost', { attempt, retryInMs });
  }

  /** @param {VoiceError} error */
  #fail(error) {
    this.#state = 'closed';
    this.#first?.reject(error);
    this.#first = null;
  }

  /** @param {import('./socket.js').Goodbye} goodbye */
  #close(goodbye) {
    if (this.#state === 'closed') {
      return;
    }
    this.#state = 'closed';
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#pauseTimer);
    this.#discardSocket();
    this.#first?.reject(new VoiceError('closed', goodbye.message));
    this.#first = null;
    this.emit('closed', goodbye);
  }

  #discardSocket() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      const state = this.#state;
      this.#state = 'closed'; // its end is our doing
      socket.close();
      this.#state = state;
    }
  }
}
