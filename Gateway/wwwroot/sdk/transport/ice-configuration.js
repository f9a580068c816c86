// @ts-check

/** @import { ConnectionPurpose, JoinOptions } from '../types.js' */

/** Makes the configuration of each peer connection: the application's servers, or the newest ones of the gateway. */
export class IceConfiguration {
  #options;
  /** The STUN and TURN servers that the gateway names, with the newest credentials. @type {RTCIceServer[]} */
  servers = [];

  /** @param {Pick<JoinOptions, 'iceServers' | 'relayOnly' | 'rtcConfiguration'>} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {ConnectionPurpose} purpose */
  for(purpose) {
    const { iceServers, relayOnly, rtcConfiguration } = this.#options;
    /** @type {RTCConfiguration} */
    const configuration = { iceServers: iceServers ?? this.servers };
    if (relayOnly && purpose.mode === 'p2p') { // a media node learns the address in any case
      configuration.iceTransportPolicy = 'relay';
    }
    return rtcConfiguration?.(configuration, purpose) ?? configuration;
  }
}
