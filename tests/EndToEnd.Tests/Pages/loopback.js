// @ts-check
// Two peer connections of this page, without the product, to test the harness itself.
import { ToneDetector, toneMicrophone } from './tones.js';

/**
 * Sends a tone over a real peer connection from this page to itself.
 * @param {number} sent in Hz
 * @param {number[]} candidates the tones to look for
 * @returns {Promise<{ heard: () => number[], addresses: string[] }>}
 */
export async function sendOverLoopback(sent, candidates) {
  const context = new AudioContext();
  const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()];
  /** @type {string[]} */
  const addresses = [];
  caller.onicecandidate = ({ candidate }) => {
    if (candidate?.address) {
      addresses.push(candidate.address);
    }
    void callee.addIceCandidate(candidate ?? undefined);
  };
  callee.onicecandidate = ({ candidate }) => void caller.addIceCandidate(candidate ?? undefined);
  for (const track of toneMicrophone(context, sent).getTracks()) {
    caller.addTrack(track);
  }
  const arrived = new Promise((resolve) => (callee.ontrack = ({ track }) => resolve(track)));
  await caller.setLocalDescription();
  await callee.setRemoteDescription(/** @type {RTCSessionDescription} */ (caller.localDescription));
  await callee.setLocalDescription();
  await caller.setRemoteDescription(/** @type {RTCSessionDescription} */ (callee.localDescription));

  const stream = new MediaStream([await arrived]);
  const player = new Audio(); // a remote stream is decoded only while an element plays it
  player.muted = true;
  player.srcObject = stream;
  await player.play();
  const detector = new ToneDetector(context.createMediaStreamSource(stream));
  return { heard: () => detector.heard(candidates), addresses };
}
