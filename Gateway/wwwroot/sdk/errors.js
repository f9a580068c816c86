// @ts-check

/**
 * An error with a code for programs and a sentence for people.
 *
 * `code` is one of the server's codes (docs/signaling.md: `channelFull`, `unauthorized`, `banned`, …) or one of the SDK's own:
 * `connectionFailed` (no gateway answers), `tokenFailed` (the token function threw), `microphoneDenied`, `microphoneMissing`,
 * `microphoneBusy`, `microphoneFailed`, `speakerMissing`, `badVolume`, `badTalkMode`, `unsupportedBrowser`, `closed` (you left the
 * channel).
 */
export class VoiceError extends Error {
  /**
   * @param {string} code
   * @param {string} message a sentence for people that says what to do next
   * @param {{ retryable?: boolean, retryAfterMs?: number, cause?: unknown }} [details]
   */
  constructor(code, message, { retryable = false, retryAfterMs, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VoiceError';
    /** @readonly */
    this.code = code;
    /** The same call may succeed later, without any change. @readonly */
    this.retryable = retryable;
    /** The time in milliseconds that the server asks you to wait, if it names one. @readonly */
    this.retryAfterMs = retryAfterMs;
  }
}
