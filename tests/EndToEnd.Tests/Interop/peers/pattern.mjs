// @ts-check
// Opus packets with known content: the sender, the position in the sequence, and bytes derived from both. An SFU must not
// depend on a packet's content, and must not change it.

const MARK = Buffer.from('HYPE');
const SIZE = 80;
/** Opus table of contents: CELT, fullband, 20 ms, mono, one frame. */
const TOC = 0xf8;
export const SAMPLES = 960;

/** @param {number} sender @param {number} counter */
export function payload(sender, counter) {
  const bytes = Buffer.alloc(SIZE);
  bytes[0] = TOC;
  MARK.copy(bytes, 1);
  bytes.writeUInt32BE(sender, 5);
  bytes.writeUInt32BE(counter, 9);
  for (let i = 13; i < SIZE; i++) {
    bytes[i] = (counter * 31 + sender * 7 + i * 13) & 0xff;
  }
  return bytes;
}

/**
 * An RTP packet (RFC 3550 §5.1) with the level of RFC 6464 as extension 1: speaking, -10 dBov.
 * @param {{ ssrc: number, payloadType: number, sender: number, counter: number }} packet
 */
export function rtp({ ssrc, payloadType, sender, counter }) {
  const header = Buffer.alloc(20);
  header[0] = 0x90; // version 2, an extension
  header[1] = payloadType;
  header.writeUInt16BE((counter + 1000) & 0xffff, 2);
  header.writeUInt32BE((counter * SAMPLES) >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  header.writeUInt16BE(0xbede, 12); // RFC 8285 §4.2, one-byte headers
  header.writeUInt16BE(1, 14); // one word of them
  header[16] = 0x10; // id 1, one byte
  header[17] = 0x80 | 10; // RFC 6464: voice, level
  return Buffer.concat([header, payload(sender, counter)]);
}

/** @param {Buffer} packet @returns {{ csrc: number[], payload: Buffer, sequence: number, timestamp: number }} */
export function parseRtp(packet) {
  const count = packet[0] & 0x0f;
  const csrc = Array.from({ length: count }, (_, i) => packet.readUInt32BE(12 + 4 * i));
  let start = 12 + 4 * count;
  if (packet[0] & 0x10) {
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  const padding = packet[0] & 0x20 ? packet[packet.length - 1] : 0;
  const payload = packet.subarray(start, packet.length - padding);
  return { csrc, payload, sequence: packet.readUInt16BE(2), timestamp: packet.readUInt32BE(4) };
}

/** Compares the packets received from one sender with the expected ones. */
export class PatternCheck {
  #result = { sender: 0, csrc: /** @type {number[]} */ ([]), received: 0, missing: 0, disordered: 0, damaged: 0, timeJumps: 0 };
  /** @type {{ counter: number, sequence: number, timestamp: number } | null} */
  #last = null;

  get received() {
    return this.#result.received;
  }

  get result() {
    return this.#result;
  }

  /** @param {{ csrc: number[], payload: Buffer, sequence: number, timestamp: number }} packet */
  accept({ csrc, payload: bytes, sequence, timestamp }) {
    const result = this.#result;
    if (bytes.length !== SIZE || !bytes.subarray(1, 5).equals(MARK)) {
      result.damaged++;
      return;
    }
    const sender = bytes.readUInt32BE(5);
    const counter = bytes.readUInt32BE(9);
    if (!bytes.equals(payload(sender, counter))) {
      result.damaged++;
    }
    result.sender = sender;
    result.received++;
    for (const number of csrc) {
      if (!result.csrc.includes(number)) {
        result.csrc.push(number);
      }
    }
    if (this.#last) {
      const step = counter - this.#last.counter;
      if (step <= 0) {
        result.disordered++;
      } else {
        result.missing += step - 1;
      }
      // The slot's own sequence and clock advance as the sender's do.
      if (((sequence - this.#last.sequence) & 0xffff) !== step || (timestamp - this.#last.timestamp) >>> 0 !== step * SAMPLES) {
        result.timeJumps++;
      }
    }
    this.#last = { counter, sequence, timestamp };
  }
}
