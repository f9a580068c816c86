// @ts-check
// node-datachannel: libdatachannel, C++.
import nodeDataChannel from 'node-datachannel';
import { parseRtp } from './pattern.mjs';

const SSRC = 0x48595045;
const RTCP_TYPES = { first: 200, last: 206 };

/** @type {import('./packet-peer.mjs').Connect} */
export async function connect(offer, onPacket) {
  const connection = new nodeDataChannel.PeerConnection('peer', { iceServers: [] });
  const audio = new nodeDataChannel.Audio('mic', 'SendOnly');
  audio.addOpusCodec(111);
  audio.addSSRC(SSRC, 'peer', 'mic', 'mic');
  const microphone = connection.addTrack(audio);
  /** @type {any[]} stored, because a collected track is closed */
  const slots = [];
  connection.onTrack((track) => {
    slots.push(track);
    track.onMessage((packet) => {
      if (packet[1] < RTCP_TYPES.first || packet[1] > RTCP_TYPES.last) {
        onPacket(parseRtp(packet));
      }
    });
  });
  const opened = new Promise((resolve, reject) => {
    microphone.onOpen(resolve);
    connection.onStateChange((state) => state === 'failed' && reject(new Error('The connection failed.')));
  });
  const gathered = new Promise((resolve) => {
    connection.onGatheringStateChange((state) => state === 'complete' && resolve(undefined));
  });
  connection.setRemoteDescription(offer, 'offer');
  await gathered;
  return {
    answer: /** @type {{ sdp: string }} */ (connection.localDescription()).sdp,
    connected: /** @type {Promise<void>} */ (opened),
    send: (packet) => void microphone.sendMessageBinary(packet),
    ssrc: SSRC,
    close: () => {
      connection.close();
      nodeDataChannel.cleanup();
    },
  };
}
