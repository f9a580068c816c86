// @ts-check
import { VoiceError } from '../../sdk/hype-voice.js';
import { identity, rememberIdentity } from '../storage/memory.js';

/**
 * Gets a guest token from the gateway, which issues them in Development only.
 * @param {string} name
 * @param {string} channel
 * @returns {Promise<string>}
 */
export async function guestToken(name, channel) {
  let response;
  try {
    response = await fetch(new URL('../../api/voice/tokens/guest', import.meta.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, channel, identity: identity() }),
    });
  } catch (cause) {
    throw new VoiceError('connectionFailed', 'The voice service cannot be reached.', { retryable: true, cause });
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    if (body.code === 'unsupported' || response.status === 404) {
      throw new VoiceError('noGuests', 'This service issues no guest tokens: join from the application that it belongs to.');
    }
    const message = body.message ?? 'The service issued no token.';
    throw new VoiceError(body.code ?? 'tokenFailed', message, { retryable: response.status >= 500 });
  }
  rememberIdentity(body.identity);
  return body.token;
}
