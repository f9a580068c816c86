// The statistics of a peer connection, as far as the connection report reads them.

export type Counter =
  | 'packetsReceived' | 'packetsLost' | 'concealedSamples' | 'silentConcealedSamples' | 'totalSamplesReceived'
  | 'jitterBufferEmittedCount' | 'jitterBufferDelay';

/** A report of whichever type, with the members that depend on its type. */
export type Stats =
  & RTCStats
  & Partial<RTCIceCandidatePairStats & RTCInboundRtpStreamStats & RTCOutboundRtpStreamStats & RTCTransportStats>
  & { [Name in Counter]?: number }
  & {
    /** Firefox: the pair in use. */
    selected?: boolean;
    fractionLost?: number;
    candidateType?: string;
    protocol?: string;
    relayProtocol?: string;
    mimeType?: string;
    clockRate?: number;
    channels?: number;
    sdpFmtpLine?: string;
  };
