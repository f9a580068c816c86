// @ts-check
// A client of `hype.voice.v1`, written from docs/signaling.md alone, with the part that a peer of an sfu channel needs.
import WebSocket from 'ws';

/** @typedef {{ type: string } & Record<string, any>} Message */

export class Signaling {
  #socket;
  /** @type {Message[]} the received messages that are not consumed yet */
  #inbox = [];
  /** @type {{ type: string, resolve: (message: Message) => void, reject: (error: Error) => void }[]} */
  #awaited = [];

  /** @param {string} url of the gateway */
  constructor(url) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/voice/ws`, 'hype.voice.v1');
    this.#socket.on('message', (text) => this.#receive(JSON.parse(String(text))));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', (code, reason) => this.#fail(new Error(`The socket was closed: ${code} ${reason}`)));
    this.#socket.on('open', () => setInterval(() => this.send({ type: 'ping', id: 1 }), 10_000).unref());
  }

  /** @param {string} channel @param {string} token @returns {Promise<Message>} welcome */
  async join(channel, token) {
    await new Promise((resolve) => this.#socket.on('open', resolve));
    this.send({ type: 'join', channel, token });
    return this.next('welcome');
  }

  /** @param {Message} message */
  send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** @param {string} type @returns {Promise<Message>} the oldest message of that type that is not consumed yet */
  next(type) {
    const index = this.#inbox.findIndex((message) => message.type === type);
    if (index >= 0) {
      return Promise.resolve(this.#inbox.splice(index, 1)[0]);
    }
    return new Promise((resolve, reject) => this.#awaited.push({ type, resolve, reject }));
  }

  leave() {
    this.send({ type: 'leave' });
    this.#socket.close();
  }

  /** @param {Message} message */
  #receive(message) {
    if (message.type === 'error' || message.type === 'bye') {
      this.#fail(new Error(`${message.type}: ${message.code ?? message.reason} ${message.message}`));
      return;
    }
    const index = this.#awaited.findIndex(({ type }) => type === message.type);
    if (index >= 0) {
      this.#awaited.splice(index, 1)[0].resolve(message);
    } else {
      this.#inbox.push(message);
    }
  }

  /** @param {Error} error */
  #fail(error) {
    this.#awaited.splice(0).forEach(({ reject }) => reject(error));
  }
}
