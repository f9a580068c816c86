// @ts-check
// Runs any number of participants with the real SDK in one page, since a page costs more than a participant.
import { TimeCodeRecorder, timeCodeMicrophone } from './time-code.js';
import { OnsetDetector, ToneDetector, toneMicrophone } from './tones.js';

/**
 * @typedef {{ key: string, channel: string, token: string, tone?: number, timeCode?: boolean, muted?: boolean, connectTimeout?: number,
 *   talk?: object, relayOnly?: boolean }} Invitation
 */

class Participant {
  /** @type {{ name: string, at: number, detail: any }[]} the events of the SDK, with the context's clock */
  events = [];
  /** @type {TimeCodeRecorder | null} */
  recorder = null;

  /**
   * @param {any} channel of the SDK
   * @param {AudioContext} context
   * @param {GainNode} loudness of the participant's tone
   */
  constructor(channel, context, loudness) {
    this.channel = channel;
    this.loudness = loudness;
    this.detector = new ToneDetector(channel.output);
    for (const name of ['mode', 'reconnecting', 'reconnected', 'moderated', 'moved', 'error', 'closed']) {
      channel.on(name, (/** @type {any} */ detail) => this.events.push({ name, at: context.currentTime, detail: plain(detail) }));
    }
  }
}

/** @param {any} value an event's payload @returns {any} a value that can be sent to the test */
function plain(value) {
  return value instanceof Error ? { ...value, message: value.message } : structuredClone(value);
}

/** @type {Map<string, Participant>} */
const participants = new Map();
const context = new AudioContext();

/** @param {string} key */
function participant(key) {
  const found = participants.get(key);
  if (!found) {
    throw new Error(`${key} has not joined on this page.`);
  }
  return found;
}

/** @param {Invitation} invitation @param {GainNode} loudness of a tone */
function microphoneFor({ tone, timeCode }, loudness) {
  if (timeCode) {
    return timeCodeMicrophone(context);
  }
  return tone === undefined ? false : toneMicrophone(context, tone, loudness);
}

const voice = {
  /** Opens the microphone, as the panel does: once it is granted, Chromium reveals its real addresses to peers. */
  async grantMicrophone() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
    await context.resume();
  },

  /** @param {Invitation} invitation @returns {Promise<{ number: number, identity: string }>} */
  async join(invitation) {
    const { join } = await import(/* @vite-ignore */ '/sdk/hype-voice.js');
    const { key, channel, token, muted, connectTimeout, talk, relayOnly } = invitation;
    const loudness = new GainNode(context, { gain: 0.1 });
    const joined = await join(channel, {
      token,
      audioContext: context,
      microphone: microphoneFor(invitation, loudness),
      ...(talk && { talk }),
      ...(muted && { muted }),
      ...(connectTimeout && { connectTimeout }),
      ...(relayOnly && { relayOnly }),
    });
    participants.set(key, new Participant(joined, context, loudness));
    return { number: joined.number, identity: joined.identity };
  },

  /** @param {string} key */
  leave(key) {
    participant(key).channel.leave();
    participants.delete(key);
  },

  /** @param {string} key @param {string} path of a method of the SDK's channel: `mute`, `moderate.kick` @param {any[]} args */
  async call(key, path, ...args) {
    const names = path.split('.');
    const method = /** @type {string} */ (names.pop());
    const owner = names.reduce((object, name) => object[name], participant(key).channel);
    await owner[method](...args);
  },

  /** @param {string} key @param {number} amplitude of the own tone, 0…1 */
  setLoudness(key, amplitude) {
    participant(key).loudness.gain.value = amplitude;
  },

  /** @param {string} key @param {number} tone in Hz @returns {number} dB, as heard here */
  loudness(key, tone) {
    return participant(key).detector.loudness(tone);
  },

  /**
   * Measures the `loudness` once it stays within a decibel for half a second: the start of a tone, or a jitter buffer that stretches
   * the audio, would distort the result.
   * @param {string} key
   * @param {number} tone in Hz
   * @returns {Promise<number>} dB
   */
  async settledLoudness(key, tone) {
    const readings = [];
    for (let tries = 0; tries < 200; tries++) {
      readings.push(this.loudness(key, tone));
      const last = readings.slice(-10);
      if (last.length === 10 && Math.max(...last) - Math.min(...last) < 1) {
        break;
      }
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    return readings[readings.length - 1];
  },

  /** @param {string} key */
  number(key) {
    return participant(key).channel.number;
  },

  /** @param {string} key @returns the connection report, as an object and as text */
  async report(key) {
    const { reportText } = await import('/sdk/hype-voice.js');
    const report = await participant(key).channel.report();
    return { report, text: reportText(report) };
  },

  /**
   * @param {string} key
   * @param {number[]} wanted the tones that must be heard, and no others
   * @param {number[]} all the tones of all senders in this test
   */
  hearsExactly(key, wanted, all) {
    const heard = participant(key).detector.heard(all);
    return heard.length === wanted.length && wanted.every((tone) => heard.includes(tone));
  },

  /** @param {string} key @param {'p2p' | 'sfu'} mode */
  plays(key, mode) {
    const { layout } = participant(key).channel;
    return layout?.mode === mode && !layout.switching;
  },

  /** @param {string} key @param {string} name of an event @param {number} count */
  received(key, name, count) {
    return participant(key).events.filter((event) => event.name === name).length >= count;
  },

  /** @param {string} key */
  events(key) {
    return participant(key).events;
  },

  /** @param {string} key @param {number[]} all */
  async describe(key, all) {
    const { channel, detector, events } = participant(key);
    return {
      number: channel.number,
      heard: detector.heard(all),
      loudest: detector.loudest(),
      talk: { ...channel.talk.mode, open: channel.talk.open, transmitting: channel.transmitting, level: channel.level() },
      layout: channel.layout,
      roster: channel.roster.map((/** @type {any} */ { number, name, muted, away }) => ({ number, name, muted, away })),
      connections: channel.connections().map((/** @type {any} */ { pc, mode, epoch, peer }) => ({
        mode, epoch, peer, state: pc.connectionState, ice: pc.iceConnectionState, signaling: pc.signalingState,
      })),
      lastEvents: events.slice(-5),
      audioContext: context.state,
    };
  },

  /** @param {string} key */
  modesOfConnections(key) {
    return participant(key).channel.connections().map((/** @type {any} */ { mode }) => mode);
  },

  /** @param {string} key @returns {Promise<number>} the audio packets received on the open connections */
  async packetsReceived(key) {
    let packets = 0;
    for (const { pc } of participant(key).channel.connections()) {
      for (const report of (await pc.getStats()).values()) {
        packets += report.type === 'inbound-rtp' ? report.packetsReceived : 0;
      }
    }
    return packets;
  },

  /** @param {string} key @returns {Promise<string[]>} the candidate types of each connection's selected pair: `relay-relay` */
  async selectedPairs(key) {
    const pairs = [];
    for (const { pc } of participant(key).channel.connections()) {
      const stats = await pc.getStats();
      for (const report of stats.values()) {
        if (report.type === 'transport' && report.selectedCandidatePairId) {
          const { localCandidateId, remoteCandidateId } = stats.get(report.selectedCandidatePairId);
          pairs.push(`${stats.get(localCandidateId).candidateType}-${stats.get(remoteCandidateId).candidateType}`);
        }
      }
    }
    return pairs;
  },

  /** @param {string} key @returns {string[]} the TURN username of each connection */
  accessOfConnections(key) {
    return participant(key).channel.connections().map((/** @type {any} */ { pc }) => pc.getConfiguration().iceServers[0].username);
  },

  /** Marks the open connections. @param {string} key */
  markConnections(key) {
    for (const { pc } of participant(key).channel.connections()) {
      pc.marked = true;
    }
  },

  /** @param {string} key @returns {boolean} there are connections, and all of them are marked */
  hasOnlyMarkedConnections(key) {
    const connections = participant(key).channel.connections();
    return connections.length > 0 && connections.every((/** @type {any} */ { pc }) => pc.marked);
  },

  /** @param {string} key @returns {string[]} everyone in the channel, as this participant sees it */
  roster(key) {
    return participant(key).channel.roster.map((/** @type {any} */ { name, away }) => (away ? `${name} (away)` : name));
  },

  /** @param {string} key @returns {string[]} the present speakers */
  speaking(key) {
    const { channel } = participant(key);
    const speaking = channel.roster.filter((/** @type {any} */ { number }) => channel.speaking.has(number));
    return speaking.map((/** @type {any} */ { name }) => name);
  },

  /**
   * Measures the time from the click to the first audio of a speaker: token, microphone, socket, transport, jitter buffer.
   * @param {string} name @param {string} channelName @param {number} tone of the speaker, in Hz
   * @returns {Promise<number>} in milliseconds
   */
  async timeJoin(name, channelName, tone) {
    const { join } = await import('/sdk/hype-voice.js');
    const clicked = performance.now();
    const channel = await join(channelName, {
      audioContext: context,
      token: async () => {
        const body = JSON.stringify({ name, channel: channelName });
        const answer = await fetch('/api/voice/tokens/guest', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        return (await answer.json()).token;
      },
    });
    const onset = new OnsetDetector(channel.output, tone);
    while (!onset.heard()) {
      if (performance.now() - clicked > 15_000) {
        throw new Error(`${name} heard nothing for 15 s: ${JSON.stringify(channel.layout)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const took = performance.now() - clicked;
    channel.leave();
    return took;
  },

  /** @param {string} key */
  async record(key) {
    const listener = participant(key);
    listener.recorder = await TimeCodeRecorder.start(listener.channel.output);
  },

  /** @param {string} key @returns the recording: 16-bit samples in base64, and the context's time of the first */
  recording(key) {
    const { recorder } = participant(key);
    if (!recorder) {
      throw new Error(`${key} is not recorded.`);
    }
    return recorder.stop();
  },

  get now() {
    return context.currentTime;
  },
};

Object.assign(window, { voice });
