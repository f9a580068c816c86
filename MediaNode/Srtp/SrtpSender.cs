using System.Buffers.Binary;
using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// Protects what we send to one peer (RFC 3711 §3.3). No (key, SSRC, index) is ever used twice, as under GCM one repetition
/// gives away the authentication key: a packet whose index was used, or is too old to tell, is refused.
/// </summary>
internal sealed class SrtpSender(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes = AesEngine.Auto)
    : IDisposable
{
    /// <summary>What the protecting methods return for a packet that must not be sent; all that is not above it is a refusal.</summary>
    public const int Refused = 0;

    /// <summary>The index is at the limit or above it (<see cref="SetLimit"/>): it may be sent later.</summary>
    public const int AtLimit = -1;

    private const int ExpectedSsrcs = 8;

    private readonly SrtpCipher _cipher = SrtpCipher.ForSealing(profile, masterKey, masterSalt, aes);
    private readonly SsrcWindows _windows = new(ExpectedSsrcs, int.MaxValue);

    // Beside the windows, one each; null: there never was a limit.
    private long[]? _limits;

    /// <summary>How much longer than its packet of RTP is one of SRTP.</summary>
    public int RtpExpansion { get; } = SrtpProfileParameters.Of(profile).RtpExpansion;

    /// <summary>How much longer than its compound of RTCP is one of SRTCP.</summary>
    public int RtcpExpansion { get; } = SrtpProfileParameters.Of(profile).RtcpExpansion;

    /// <summary>
    /// The index of the next SRTCP packet, whichever SSRC it is from: one count for all of them repeats nothing either.
    /// </summary>
    public uint NextRtcpIndex { get; private set; }

    /// <summary>The first SRTCP index that must not be sent.</summary>
    public uint RtcpLimit { get; set; } = uint.MaxValue;

    /// <summary>
    /// Protects <paramref name="payload"/> behind the header in <paramref name="destination"/>; returns the packet's length, or
    /// <see cref="Refused"/> or <see cref="AtLimit"/>. The rollover counter follows the sequence numbers, which may come slightly out of order.
    /// </summary>
    /// <param name="destination">Room for header, payload and <see cref="RtpExpansion"/>.</param>
    public int Protect(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload)
    {
        var sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(destination[2..]);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(destination[8..]);
        var entry = _windows.Find(ssrc);
        if (entry < 0) entry = _windows.Add(ssrc);

        ref var window = ref _windows[entry];
        var index = window.IsEmpty ? sequenceNumber : SrtpIndex.Estimate(window.Highest, sequenceNumber);
        if (index is < 0 or > SrtpIndex.Max || window.Check(index) != SrtpResult.Ok) return Refused;
        if (_limits is not null && entry < _limits.Length && index >= _limits[entry]) return AtLimit;

        window.Use(index);
        return _cipher.ProtectRtp(destination, headerLength, payload, ssrc, index);
    }

    /// <summary>Protects a compound; returns the packet's length, <see cref="AtLimit"/>, or <see cref="Refused"/> when the key is spent.</summary>
    /// <param name="destination">Room for the compound and <see cref="RtcpExpansion"/>; may not overlap it.</param>
    /// <param name="plainRtcp">At least 8 bytes: a header and the sender's SSRC.</param>
    public int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plainRtcp)
    {
        if (NextRtcpIndex > SrtpIndex.MaxRtcp) return Refused;
        if (NextRtcpIndex >= RtcpLimit) return AtLimit;
        return _cipher.ProtectRtcp(destination, plainRtcp, BinaryPrimitives.ReadUInt32BigEndian(plainRtcp[4..]), NextRtcpIndex++);
    }

    /// <summary>The highest index used for <paramref name="ssrc"/> (ROC · 2¹⁶ + SEQ); false before its first packet.</summary>
    public bool TryGetHighestIndex(uint ssrc, out long index) => _windows.TryGetHighest(ssrc, out index);

    /// <summary>
    /// For a transport that goes on where another node left it: everything below <paramref name="firstIndex"/> counts as used.
    /// The next sequence number has to be the lowest 16 bits of <paramref name="firstIndex"/>, or less than 2¹⁵ above.
    /// </summary>
    /// <param name="firstIndex">1…2⁴⁸ − 1, above every index already used for <paramref name="ssrc"/> by this sender.</param>
    public void StartAt(uint ssrc, long firstIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstIndex, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstIndex, SrtpIndex.Max);
        if (TryGetHighestIndex(ssrc, out var highest)) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstIndex, highest);

        var entry = _windows.Find(ssrc);
        if (entry < 0) entry = _windows.Add(ssrc);
        _windows[entry] = ReplayWindow.UsedUpTo(firstIndex - 1);
    }

    /// <summary>As <see cref="StartAt"/>, for SRTCP.</summary>
    public void StartRtcpAt(uint firstIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstIndex, NextRtcpIndex);
        NextRtcpIndex = firstIndex;
    }

    /// <summary>From now on nothing of <paramref name="ssrc"/> is sent at <paramref name="limit"/> or above.</summary>
    public void SetLimit(uint ssrc, long limit)
    {
        var entry = _windows.Find(ssrc);
        if (entry < 0) entry = _windows.Add(ssrc);
        var known = _limits?.Length ?? 0;
        if (entry >= known)
        {
            Array.Resize(ref _limits, _windows.Count);
            _limits.AsSpan(known).Fill(long.MaxValue);
        }
        _limits![entry] = limit;
    }

    public void Dispose() => _cipher.Dispose();
}
