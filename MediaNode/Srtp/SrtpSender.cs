using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// Encrypts and authenticates the packets for one peer (RFC 3711 §3.3). It never uses a combination of key, SSRC and index twice, because
/// under GCM one repetition reveals the authentication key. A packet whose index was used, or is too old to be checked, is refused.
/// </summary>
internal sealed class SrtpSender(
    SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes = AesEngine.Auto)
    : IDisposable
{
    /// <summary>
    /// The result of a protect method for a packet that must not be sent. Every result above it is the length of the protected packet;
    /// every other result is a refusal.
    /// </summary>
    public const int Refused = 0;

    /// <summary>
    /// The result of a protect method for a packet whose index is at or above the limit (<see cref="SetLimit"/>). It may be sent after the
    /// limit has been raised.
    /// </summary>
    public const int AtLimit = -1;

    private const int ExpectedSsrcs = 8;

    private readonly SrtpCipher _cipher = SrtpCipher.ForSealing(profile, masterKey, masterSalt, aes);
    private readonly SsrcWindows _windows = new(ExpectedSsrcs, int.MaxValue);

    // One limit per window, in the same order; null: there never was a limit.
    private SrtpIndex[]? _limits;

    /// <summary>The number of bytes by which an SRTP packet is longer than its RTP packet.</summary>
    public int RtpExpansion { get; } = SrtpProfileParameters.Of(profile).RtpExpansion;

    /// <summary>The number of bytes by which an SRTCP packet is longer than its RTCP packet.</summary>
    public int RtcpExpansion { get; } = SrtpProfileParameters.Of(profile).RtcpExpansion;

    /// <summary>The index of the next SRTCP packet. All SSRCs under the key share one counter, so that no index is used twice.</summary>
    public SrtpIndex NextRtcpIndex { get; private set; }

    /// <summary>The lowest SRTCP index that must not be sent.</summary>
    public SrtpIndex RtcpLimit { get; set; } = SrtpIndex.Unlimited;

    /// <summary>
    /// Encrypts and authenticates <paramref name="payload"/> into <paramref name="destination"/>, after the header that is already there.
    /// Returns the packet's length, <see cref="Refused"/> or <see cref="AtLimit"/>. The rollover counter follows the sequence numbers,
    /// which may be slightly out of order.
    /// </summary>
    /// <param name="destination">Room for header, payload and <see cref="RtpExpansion"/>.</param>
    public int Protect(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload)
    {
        var sequenceNumber = SequenceNumber.Read(destination[2..]);
        var ssrc = Ssrc.Read(destination[8..]);
        var entry = _windows.Find(ssrc);
        if (entry < 0)
            entry = _windows.Add(ssrc);

        ref var window = ref _windows[entry];
        var index = window.IsEmpty ? SrtpIndex.First(sequenceNumber) : SrtpIndex.Estimate(window.Highest, sequenceNumber);
        if (index.IsBeforeFirst || index > SrtpIndex.Max || window.Check(index) != SrtpResult.Ok)
            return Refused;
        if (_limits is not null && entry < _limits.Length && index >= _limits[entry])
            return AtLimit;
        window.Use(index);
        return _cipher.ProtectRtp(destination, headerLength, payload, ssrc, index);
    }

    /// <summary>
    /// Encrypts and authenticates an RTCP compound. Returns the packet's length, <see cref="AtLimit"/>, or <see cref="Refused"/> if the
    /// key is exhausted.
    /// </summary>
    /// <param name="destination">Room for the compound and <see cref="RtcpExpansion"/>; may not overlap it.</param>
    /// <param name="plainRtcp">At least 8 bytes: a header and the sender's SSRC.</param>
    public int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plainRtcp)
    {
        if (NextRtcpIndex > SrtpIndex.MaxRtcp)
            return Refused;
        if (NextRtcpIndex >= RtcpLimit)
            return AtLimit;
        var index = NextRtcpIndex;
        NextRtcpIndex = index + 1;
        return _cipher.ProtectRtcp(destination, plainRtcp, Ssrc.Read(plainRtcp[4..]), index);
    }

    /// <summary>
    /// Finds the highest index used for <paramref name="ssrc"/> (ROC · 2¹⁶ + SEQ). Returns false before its first packet.
    /// </summary>
    public bool TryGetHighestIndex(Ssrc ssrc, out SrtpIndex index) => _windows.TryGetHighest(ssrc, out index);

    /// <summary>
    /// Continues the stream of another node's transport: all indices below <paramref name="firstIndex"/> count as used. The next sequence
    /// number must be the lowest 16 bits of <paramref name="firstIndex"/>, or higher by less than 2¹⁵.
    /// </summary>
    /// <param name="firstIndex">1…2⁴⁸ − 1, above every index already used for <paramref name="ssrc"/> by this sender.</param>
    public void StartAt(Ssrc ssrc, SrtpIndex firstIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstIndex.Value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstIndex.Value, SrtpIndex.Max.Value);
        if (TryGetHighestIndex(ssrc, out var highest))
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstIndex.Value, highest.Value);

        var entry = _windows.Find(ssrc);
        if (entry < 0)
            entry = _windows.Add(ssrc);
        _windows[entry] = ReplayWindow.UsedUpTo(firstIndex - 1);
    }

    /// <summary>
    /// Continues the SRTCP packets of another node's transport: all indices below <paramref name="firstIndex"/> count as used.
    /// </summary>
    public void StartRtcpAt(SrtpIndex firstIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstIndex.Value, NextRtcpIndex.Value);
        NextRtcpIndex = firstIndex;
    }

    /// <summary>Sets the index of <paramref name="ssrc"/> from which packets are refused with <see cref="AtLimit"/>.</summary>
    public void SetLimit(Ssrc ssrc, SrtpIndex limit)
    {
        var entry = _windows.Find(ssrc);
        if (entry < 0)
            entry = _windows.Add(ssrc);
        var known = _limits?.Length ?? 0;
        if (entry >= known)
        {
            Array.Resize(ref _limits, _windows.Count);
            _limits.AsSpan(known).Fill(SrtpIndex.Unlimited);
        }

        _limits![entry] = limit;
    }

    public void Dispose() => _cipher.Dispose();
}
