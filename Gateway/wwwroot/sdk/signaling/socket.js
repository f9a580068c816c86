// @ts-check

/** @import { ClientMessage, JoinMessage, ResumeMessage, ServerMessage } from './messages.js' */

const SUBPROTOCOL = 'hype.voice.v1';
// Longer than the time that a gateway waits for the channel (Hype:Signaling:CallTimeout).
const WELCOME_TIMEOUT_MS = 12000;
const PONG_TIMEOUT_MS = 5000;

/**
 * The close codes after which a client stays away, for a close without a `bye` before it (docs/signaling.md, Close codes). The close
 * frame carries the reason itself.
 */
const FINAL_CLOSE_CODES = new Set([4000, 4001, 4003, 4006, 4007, 4008, 4010, 4011, 4014, 4015]);

/** The end of a socket or of a session. @typedef {{ reason: string, reconnect: boolean, message: string }} CloseInfo */

/** @typedef {{ message: (message: ServerMessage) => void, ended: (info: CloseInfo) => void }} SocketHandlers */

/**
 * One WebSocket from its opening to its end: sends the first message and the heartbeats, and reports exactly one `ended`. It has no
 * notion of sessions: {@link import('./session.js').Session} opens a new socket whenever it needs one.
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
   * @param {JoinMessage | ResumeMessage} first sent when the socket is open
   * @param {SocketHandlers} handlers
   */
  constructor(url, first, handlers) {
    this.#first = first;
    this.#handlers = handlers;
    this.#socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket.onopen = () => this.#socket.send(JSON.stringify(this.#first));
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code, reason }) => {
      const closedByGateway = code >= 4000 && reason !== '';
      this.#end({
        reason: closedByGateway ? reason : 'connectionLost',
        reconnect: !FINAL_CLOSE_CODES.has(code),
        message: 'The connection to the gateway was lost.',
      });
    };
    // A gateway that accepts a socket and then sends nothing must not block the client.
    this.#welcomeTimer = setTimeout(() => this.#lose('The gateway does not answer.'), WELCOME_TIMEOUT_MS);
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} false: the socket is not open
   */
  send(message) {
    if (this.#ended || this.#socket.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * Starts the heartbeat. (Browsers throttle the timers of hidden pages, but not of pages in a call.)
   * @param {number} intervalMs
   */
  startHeartbeat(intervalMs) {
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.probe(), intervalMs);
  }

  /** Sends a ping now, and ends the socket if nothing arrives in time. */
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
    /** @type {ServerMessage} */
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

  /**
   * Reports the end at once: a dead network takes a minute to report a close.
   * @param {CloseInfo} info
   */
  #end(info) {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    clearTimeout(this.#welcomeTimer);
    clearTimeout(this.#pongTimer);
    clearInterval(this.#pingTimer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(1000);
    this.#handlers.ended(info);
  }
}
