// @ts-check
import { VoiceChannel } from './channel.js';

export { VoiceChannel } from './channel.js';
export { VoiceError } from './errors.js';
export { reportText } from './report/report-text.js';
export { holdToTalk } from './audio/talk-key.js';

/** @import { JoinOptions } from './types.js' */
/** @import { VoiceError } from './errors.js' */

/**
 * Joins a voice channel.
 *
 * ```js
 * import { join } from 'https://voice.example.org/sdk/hype-voice.js';
 *
 * const channel = await join('lobby', { token: () => fetchToken('lobby') });
 * channel.on('speaking', (numbers) => highlight(numbers));
 * channel.on('mode', ({ mode, switching }) => show(switching ? 'switching…' : mode));
 * channel.mute(true);
 * ```
 *
 * docs/sdk.md describes the rest.
 *
 * Call it from a click: browsers play no sound before the user has interacted with the page (the `playback` event reports it). Without a
 * microphone you join as a listener (the `microphone` event reports why). `roster`, `mode`, `microphone` and `playback` are each emitted
 * once right after joining, so listeners that you add when this promise resolves miss nothing.
 *
 * @param {string} name of the channel
 * @param {JoinOptions} options
 * @returns {Promise<VoiceChannel>} rejects with a {@link VoiceError}
 */
export async function join(name, options) {
  const channel = new VoiceChannel(name, options);
  await channel.open();
  return channel;
}
