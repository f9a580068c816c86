// @ts-check

/**
 * Everything that can go wrong, with a name that code can test and a sentence that a person can read.
 *
 * `code` is one of the server's codes (docs/signaling.md: `channelFull`, `unauthorized`, `banned`, …) or one of the SDK's own:
 * `connectionFailed` (no gateway answers), `tokenFailed` (the token function threw), `microphoneDenied`, `microphoneMissing`,
 * `microphoneBusy`, `microphoneFailed`, `speakerMissing`, `badVolume`, `badTalkMode`, `unsupportedBrowser`, `closed` (the channel was
 * left).
 */
export class VoiceError extends Error {
  /**
   * @param {string} code
   * @param {string} message a sentence for people, which says what to do next
   * @param {{ retryable?: boolean, retryAfterMs?: number, cause?: unknown }} [details]
   */
  constructor(code, message, { retryable = false, retryAfterMs, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VoiceError';
    this.code = code;
    /** The same call may succeed later without anything being changed. */
    this.retryable = retryable;
    /** The server's wish for how long to wait, in milliseconds, if it has one. */
    this.retryAfterMs = retryAfterMs;
  }
}
