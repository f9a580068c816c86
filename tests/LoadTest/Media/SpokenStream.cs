using System.Security.Cryptography;
using Hype.MediaClient;

namespace Hype.LoadTest.Media;

/// <summary>
/// One speaker's RTP stream on one transport: SSRC, sequence numbers and timestamps. Only the transport's media thread uses it.
/// </summary>
/// <param name="payloadType">The negotiated payload type of opus.</param>
/// <param name="levelExtension">The negotiated id of the RFC 6464 audio level.</param>
internal sealed class SpokenStream(VoicePeer peer, byte payloadType, byte levelExtension, uint ssrc)
{
    /// <summary>The audio level of the synthetic voice in −dBov: that of average speech.</summary>
    private const byte Voice = 37;

    /// <summary>The longest payload of a frame, in bytes.</summary>
    public const int LongestPayload = 1200;

    private ushort _sequence = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue);
    private uint _lastFrame;
    private bool _hasSpoken;
    private uint _timestamp = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private long _lastSentAt;

    public VoicePeer Peer => peer;

    public byte PayloadType => payloadType;

    public uint Ssrc => ssrc;

    public static uint NewSsrc() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    /// <summary>Sends a frame. Returns false if the peer has no SRTP keys yet.</summary>
    /// <param name="payloadLength">16 to 1,200 bytes.</param>
    public bool Say(in SpokenFrame frame, int payloadLength, bool startsTurn)
    {
        Span<byte> header = stackalloc byte[SpokenFrame.HeaderLength];
        Span<byte> payload = stackalloc byte[LongestPayload];
        payload = payload[..payloadLength];
        // The RTP clock advances during a pause (RFC 3550 §5.1), the sequence number does not.
        if (_hasSpoken)
            _timestamp += frame.Frame == _lastFrame + 1 && !startsTurn ? SpokenFrame.Ticks : TicksOf(frame.SentAt - _lastSentAt);
        (_hasSpoken, _lastFrame, _lastSentAt) = (true, frame.Frame, frame.SentAt);
        SpokenFrame.WriteHeader(header, payloadType, startsTurn, _sequence++, _timestamp, ssrc, levelExtension, Voice);
        frame.WriteTo(payload);
        return peer.SendRtp(header, payload);
    }

    /// <summary>Returns the RTP ticks of a period, rounded to whole frames, at least one frame.</summary>
    private static uint TicksOf(long microseconds) => (uint)Math.Max(1, (microseconds + 10_000) / 20_000) * SpokenFrame.Ticks;
}
