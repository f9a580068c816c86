using System.Buffers.Binary;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// Authenticates and decrypts the packets of one peer (RFC 3711 §3.3). Rollover counter and replay window are stored per SSRC and advance
/// only with authentic packets, so that a forged packet changes nothing, not even the number of SSRCs.
/// </summary>
/// <param name="maxSsrcs">The maximum number of senders under this key; an audio client has one, and a few more over a long life.</param>
internal sealed class SrtpReceiver(
    SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, int maxSsrcs = 4, AesEngine aes = AesEngine.Auto)
    : IDisposable
{
    private readonly SrtpCipher _cipher = SrtpCipher.ForOpening(profile, masterKey, masterSalt, aes);
    private readonly int _rtpExpansion = SrtpProfileParameters.Of(profile).RtpExpansion;
    private readonly int _rtcpExpansion = SrtpProfileParameters.Of(profile).RtcpExpansion;
    private readonly SsrcWindows _rtp = new(maxSsrcs, maxSsrcs);
    private readonly SsrcWindows _rtcp = new(maxSsrcs, maxSsrcs);

    /// <summary>The number of authentic SRTP and SRTCP packets received so far.</summary>
    public long Opened { get; private set; }

    /// <summary>The SSRCs of the authentic packets received so far, each with its replay window.</summary>
    public SsrcWindows Sources => _rtp;

    /// <inheritdoc cref="Sources"/>
    public SsrcWindows RtcpSources => _rtcp;

    /// <inheritdoc cref="TryUnprotect(Span{byte}, in RtpHeader, out int)"/>
    public SrtpResult TryUnprotect(Span<byte> packet, out int length)
    {
        length = 0;
        return RtpHeader.TryParse(packet, out var header) ? TryUnprotect(packet, in header, out length) : SrtpResult.TooShort;
    }

    /// <summary>
    /// Authenticates an SRTP packet and decrypts it in place. If the result is not <see cref="SrtpResult.Ok"/>, the payload's bytes must
    /// be discarded.
    /// </summary>
    /// <param name="header">The header of this packet.</param>
    /// <param name="length">The length of the RTP packet, header included.</param>
    public SrtpResult TryUnprotect(Span<byte> packet, scoped in RtpHeader header, out int length)
    {
        length = 0;
        if (packet.Length < header.HeaderLength + _rtpExpansion)
            return SrtpResult.TooShort;
        var ssrc = header.Ssrc;
        var entry = _rtp.Find(ssrc);
        if (entry < 0 && _rtp.IsFull)
            return SrtpResult.TooManySsrcs;
        var index = SrtpIndex.First(header.SequenceNumber);
        if (entry >= 0)
        {
            ref var window = ref _rtp[entry];
            index = SrtpIndex.Estimate(window.Highest, header.SequenceNumber);
            if (index.IsBeforeFirst)
                return SrtpResult.TooOld;
            if (index > SrtpIndex.Max)
                return SrtpResult.KeyExhausted;
            var check = window.Check(index);
            if (check != SrtpResult.Ok)
                return check;
        }

        if (!_cipher.TryUnprotectRtp(packet, header.HeaderLength, ssrc, index))
            return SrtpResult.AuthenticationFailed;
        if (entry < 0)
            entry = _rtp.Add(ssrc);
        _rtp[entry].Use(index);
        Opened++;
        length = packet.Length - _rtpExpansion;
        return SrtpResult.Ok;
    }

    /// <summary>
    /// Authenticates an SRTCP packet and decrypts it in place. If the result is not <see cref="SrtpResult.Ok"/>, the packet's bytes must
    /// be discarded.
    /// </summary>
    /// <param name="length">The length of the RTCP compound.</param>
    public SrtpResult TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < SrtpCipher.RtcpClearLength + _rtcpExpansion || packet[0] >> 6 != 2)
            return SrtpResult.TooShort;
        var ssrc = Ssrc.Read(packet[4..]);
        var entry = _rtcp.Find(ssrc);
        if (entry < 0 && _rtcp.IsFull)
            return SrtpResult.TooManySsrcs;
        var indexWord = BinaryPrimitives.ReadUInt32BigEndian(packet[_cipher.RtcpIndexOffset(packet.Length)..]);
        var index = new SrtpIndex(indexWord & SrtpIndex.MaxRtcp.Value);
        var check = entry >= 0 ? _rtcp[entry].Check(index) : SrtpResult.Ok;
        if (check != SrtpResult.Ok)
            return check;
        if (!_cipher.TryUnprotectRtcp(packet, ssrc, indexWord))
            return SrtpResult.AuthenticationFailed;
        if (entry < 0)
            entry = _rtcp.Add(ssrc);
        _rtcp[entry].Use(index);
        Opened++;
        length = packet.Length - _rtcpExpansion;
        return SrtpResult.Ok;
    }

    /// <summary>Finds the highest authentic index of <paramref name="ssrc"/>. Returns false before its first packet.</summary>
    public bool TryGetHighestIndex(Ssrc ssrc, out SrtpIndex index) => _rtp.TryGetHighest(ssrc, out index);

    /// <summary>
    /// Continues the reception of another node's transport: all indices up to <paramref name="highest"/> count as received.
    /// </summary>
    public void ContinueAfter(Ssrc ssrc, SrtpIndex highest) => _rtp[_rtp.Add(ssrc)] = ReplayWindow.UsedUpTo(highest);

    /// <summary>
    /// Continues the SRTCP reception of another node's transport: all indices up to <paramref name="highest"/> count as received.
    /// </summary>
    public void ContinueRtcpAfter(Ssrc ssrc, SrtpIndex highest) => _rtcp[_rtcp.Add(ssrc)] = ReplayWindow.UsedUpTo(highest);

    public void Dispose() => _cipher.Dispose();
}
