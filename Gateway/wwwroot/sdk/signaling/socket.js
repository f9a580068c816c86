// @ts-check

const SUBPROTOCOL = 'hype.voice.v1';
const WELCOME_TIMEOUT_MS = 8000;
const PONG_TIMEOUT_MS = 5000;

/**
 * What a close code means when the `bye` before it did not arrive: [reason, whether to come back] (docs/signaling.md, Close codes).
 * @type {Record<number, [string, boolean]>}
 */
const CLOSE_CODES = {
  4000: ['badMessage', false],
  4001: ['messageTooLarge', false],
  4002: ['joinTimeout', true],
  4003: ['unauthorized', false],
  4004: ['silent', true],
  4005: ['slow', true],
  4006: ['replaced', false],
  4007: ['kicked', false],
  4008: ['banned', false],
  4009: ['shutdown', true],
  4010: ['sessionExpired', false],
  4011: ['channelClosed', false],
  4012: ['mediaUnavailable', true],
  4013: ['dropped', true],
  4014: ['revoked', false],
};

/** @typedef {{ reason: string, reconnect: boolean, message: string }} Goodbye */

/**
 * One WebSocket from its opening to its end: the first message, the heartbeat, and exactly one `ended`.
 * It knows nothing of sessions; {@link import('./session.js').Session} opens a new one whenever it needs to.
 */
export class Socket {
  #socket;
  #first;
  #handlers;
  #ended = false;
  #welcomeTimer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #pingTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pongTimer;
  #pings = 0;
  #received = 0;

  /**
   * @param {string} url
   * @param {object} first sent when the socket is open
   * @param {{ message: (message: any) => void, ended: (goodbye: Goodbye) => void }} handlers
   */
  constructor(url, first, handlers) {
    this.#first = first;
    this.#handlers = handlers;
    this.#socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket.onopen = () => this.#socket.send(JSON.stringify(this.#first));
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code }) => {
      const [reason, reconnect] = CLOSE_CODES[code] ?? ['connectionLost', true];
      this.#end({ reason, reconnect, message: 'The connection to the gateway was lost.' });
    };
    // A gateway that accepts and then says nothing must not hold the client for ever.
    this.#welcomeTimer = setTimeout(() => this.#lose('The gateway does not answer.'), WELCOME_TIMEOUT_MS);
  }

  /** @param {object} message */
  send(message) {
    if (this.#ended || this.#socket.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * Starts the heartbeat. (Browsers slow down the timers of hidden pages, but not of pages in a call.)
   * @param {number} intervalMs
   */
  beat(intervalMs) {
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.probe(), intervalMs);
  }

  /** Asks for a sign of life now, and takes the socket for dead when there is none. */
  probe() {
    if (!this.send({ type: 'ping', id: ++this.#pings }) || this.#pongTimer !== undefined) {
      return;
    }
    const before = this.#received;
    this.#pongTimer = setTimeout(() => {
      this.#pongTimer = undefined;
      if (this.#received === before) {
        this.#lose('The gateway stopped answering.');
      }
    }, PONG_TIMEOUT_MS);
  }

  close() {
    this.#end({ reason: 'left', reconnect: false, message: 'You left the channel.' });
  }

  /** @param {string} data */
  #receive(data) {
    this.#received += 1;
    const message = JSON.parse(data);
    clearTimeout(this.#welcomeTimer);
    if (message.type === 'bye') {
      this.#end({ reason: message.reason, reconnect: message.reconnect, message: message.message });
    } else if (message.type !== 'pong') {
      this.#handlers.message(message);
    }
  }

  /** @param {string} message */
  #lose(message) {
    this.#end({ reason: 'connectionLost', reconnect: true, message });
  }

  // A dead network takes a minute to report a close, so the end is told at once and the socket left to its fate.
  /** @param {Goodbye} goodbye */
  #end(goodbye) {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    clearTimeout(this.#welcomeTimer);
    clearTimeout(this.#pongTimer);
    clearInterval(this.#pingTimer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(1000);
    this.#handlers.ended(goodbye);
  }
}
