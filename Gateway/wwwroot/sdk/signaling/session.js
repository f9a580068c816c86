// @ts-check
import { Emitter } from '../emitter.js';
import { VoiceError } from '../errors.js';
import { Backoff } from './backoff.js';
import { GatewayRing } from './gateway-ring.js';
import { NewestToken } from './newest-token.js';
import { Socket } from './socket.js';

/** @import { JoinOptions } from '../types.js' */
/** @import { ClientMessage, JoinMessage, ResumeMessage, ServerMessage, WelcomeMessage } from './messages.js' */
/** @import { CloseInfo } from './socket.js' */

/** The number of messages that may wait for a new socket; with more of them, no gateway is likely to accept them any more. */
const OUTBOX_LIMIT = 256;

/** @typedef {Omit<JoinMessage, 'type' | 'channel' | 'token'>} JoinFields */

/**
 * @typedef {object} SessionEvents
 * @property {WelcomeMessage} welcome
 * @property {ServerMessage} message every other message of an open session
 * @property {{ attempt: number, retryInMs: number }} lost the socket is lost; the next attempt follows
 * @property {CloseInfo} closed
 */

/**
 * A session in the channel, across as many sockets and gateways as it needs. Resumes with the token of the newest welcome, joins again
 * when the session has expired, and stops only when the server forbids another attempt. It does not touch media, which continues
 * meanwhile.
 *
 * @extends {Emitter<SessionEvents>}
 */
export class Session extends Emitter {
  /** The channel of the session: a moderator may have moved it to another one. */
  #channel;
  #gateways;
  #backoff = new Backoff();
  #token;
  /** @type {() => JoinFields} */
  #joinFields = () => ({});
  /** @type {Socket | null} */
  #socket = null;
  /** @type {string | null} */
  #resumeToken = null;
  /** @type {'joining' | 'open' | 'waiting' | 'closed'} */
  #state = 'joining';
  /** The candidates and restarts of this session, which the next gateway has to outrank. */
  #moves = 0;
  /** @type {ClientMessage[]} */
  #outbox = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pauseTimer;
  /** @type {{ resolve: (welcome: WelcomeMessage) => void, reject: (error: VoiceError) => void } | null} */
  #first = null;

  /** @param {{ url: string, channel: string, token: JoinOptions['token'] }} options */
  constructor({ url, channel, token }) {
    super();
    this.#channel = channel;
    this.#gateways = new GatewayRing(url);
    this.#token = new NewestToken(token);
  }

  /**
   * Joins for the first time. Later joins happen automatically.
   * @param {() => JoinFields} joinFields the fields of `join` beside channel and token, read at each join
   * @returns {Promise<WelcomeMessage>} rejects with a {@link VoiceError}
   */
  connect(joinFields) {
    this.#joinFields = joinFields;
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      void this.#attempt();
    });
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} false: it waits until the session is resumed, or until the gateway accepts more messages
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

  get channel() {
    return this.#channel;
  }

  /** The session has an open socket. */
  get online() {
    return this.#state === 'open';
  }

  /** The newest token: the one that joined, or the refreshed one that the gateway has sent since. */
  get token() {
    return this.#token.current ?? '';
  }

  /** The URL of the present gateway, connected or being tried. */
  get gateway() {
    return this.#gateways.current;
  }

  /** Handles a possible change of the network: connects or sends a ping at once, instead of waiting for the next attempt or heartbeat. */
  retryNow() {
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
    const channel = this.#channel;
    /** @type {JoinMessage | ResumeMessage} */
    let first;
    if (this.#resumeToken !== null) {
      const token = this.#token.current;
      first = {
        type: 'resume', channel, resumeToken: this.#resumeToken,
        ...(this.#moves > 0 && { moves: this.#moves }),
        ...(token !== null && { token }),
      };
    } else {
      try {
        first = { type: 'join', channel, token: await this.#token.take(channel), ...this.#joinFields() };
      } catch (cause) {
        const error = cause instanceof VoiceError
          ? cause
          : new VoiceError('tokenFailed', `The application gave no token (${cause}).`, { retryable: true, cause });
        this.#refused(error);
        return;
      }
      if (this.#state === 'closed') {
        return;
      }
    }
    this.#socket = new Socket(this.#gateways.current, first, {
      message: (message) => this.#receive(message),
      ended: (info) => this.#ended(info),
    });
  }

  /** @param {ServerMessage} message */
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
        this.#pause(message.retryAfterMs ?? 0);
      }
      this.emit('message', message);
    } else if (message.type === 'error') {
      const { code, message: sentence, retryable, retryAfterMs } = message;
      this.#refused(new VoiceError(code, sentence, { retryable, retryAfterMs }));
    }
  }

  /**
   * The gateway received too many messages from this client: the next ones wait for the time that it asks.
   * @param {number} forMs
   */
  #pause(forMs) {
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => {
      this.#pauseTimer = undefined;
      if (this.#state === 'open') {
        this.#outbox.splice(0).forEach((message) => this.send(message));
      }
    }, forMs);
  }

  /** @param {WelcomeMessage} welcome */
  #open(welcome) {
    const moved = this.#state === 'open' && welcome.channel !== this.#channel;
    this.#state = 'open';
    this.#channel = welcome.channel;
    if (!moved) {
      clearTimeout(this.#pauseTimer); // the gateway counts per socket
      this.#pauseTimer = undefined;
    }
    this.#resumeToken = welcome.resumeToken;
    this.#gateways.learn(welcome.gateways ?? []);
    if (!welcome.resumed) {
      this.#moves = 0;
    }
    this.#backoff.reset();
    this.#socket?.startHeartbeat(welcome.limits.pingIntervalMs);
    // Messages for an expired session mean nothing to the new one.
    const outbox = welcome.resumed ? this.#outbox : [];
    this.#outbox = [];
    if (moved) {
      this.#socket?.send({ type: 'moved', channel: welcome.channel }); // later messages belong to this channel
    }
    this.emit('welcome', welcome);
    for (const message of outbox) {
      this.send(message);
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
      // For whatever reason, this session cannot be resumed. A new one may be possible: the token decides.
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

  /** @param {CloseInfo} info */
  #ended(info) {
    this.#socket = null;
    if (this.#state === 'closed') {
      return;
    }
    if (this.#first) {
      const lost = info.reason === 'connectionLost';
      const message = lost ? 'The voice service cannot be reached.' : info.message;
      this.#fail(new VoiceError(lost ? 'connectionFailed' : info.reason, message, { retryable: info.reconnect }));
    } else if (info.reconnect) {
      this.#retry();
    } else if (info.reason === 'sessionExpired' || (info.reason === 'unauthorized' && this.#resumeToken !== null)) {
      this.#resumeToken = null;
      this.#retry(0);
    } else {
      this.#close(info);
    }
  }

  /** @param {number} [retryAfterMs] */
  #retry(retryAfterMs) {
    this.#state = 'waiting';
    const attempt = this.#backoff.attempt + 1;
    const backoffMs = this.#backoff.next();
    // The failure says nothing about another gateway: the first attempt there is immediate, and only later ones back off.
    const immediate = attempt === 1 && this.#gateways.hasOthers;
    // Clients that received the same delay must not return in the same millisecond.
    const retryInMs = retryAfterMs ? retryAfterMs + (backoffMs / 2) : retryAfterMs ?? (immediate ? 0 : backoffMs);
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

  /** @param {CloseInfo} info */
  #close(info) {
    if (this.#state === 'closed') {
      return;
    }
    this.#state = 'closed';
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#pauseTimer);
    this.#discardSocket();
    this.#first?.reject(new VoiceError('closed', info.message));
    this.#first = null;
    this.emit('closed', info);
  }

  #discardSocket() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      const state = this.#state;
      this.#state = 'closed'; // this session ends the socket, so its end needs no reaction
      socket.close();
      this.#state = state;
    }
  }
}
