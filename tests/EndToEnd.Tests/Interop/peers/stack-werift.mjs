// @ts-check
// werift: WebRTC in TypeScript alone.
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpPacket, useAudioLevelIndication } from 'werift';
import { parseRtp } from './pattern.mjs';

/** @type {import('./packet-peer.mjs').Connect} */
export async function connect(offer, onPacket) {
  const connection = new RTCPeerConnection({
    codecs: { audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48000, channels: 2, payloadType: 111 })] },
    headerExtensions: { audio: [useAudioLevelIndication()] },
    iceServers: [],
    iceUseIpv6: false,
  });
  connection.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe((packet) => onPacket(parseRtp(packet.serialize())));
  });
  const microphone = new MediaStreamTrack({ kind: 'audio' });
  connection.addTrack(microphone);
  await connection.setRemoteDescription({ type: 'offer', sdp: offer });
  await connection.setLocalDescription(await connection.createAnswer());
  return {
    answer: /** @type {{ sdp: string }} */ (connection.localDescription).sdp,
    connected: new Promise((resolve, reject) => {
      const check = () => {
        if (connection.connectionState === 'connected') {
          resolve();
        } else if (connection.connectionState === 'failed') {
          reject(new Error('The connection failed.'));
        }
      };
      connection.connectionStateChange.subscribe(check);
      check();
    }),
    send: (packet) => microphone.writeRtp(RtpPacket.deSerialize(packet)),
    ssrc: 1,
    close: () => connection.close(),
  };
}
