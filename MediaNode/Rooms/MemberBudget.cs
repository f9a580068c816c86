namespace Hype.MediaNode.Rooms;

/// <summary>
/// The limits of what one member may send to its room, and the detection of a member that exceeds them for long. Without limits, a member
/// would multiply its traffic by the number of its listeners.
/// </summary>
/// <remarks>
/// A packet is checked before its decryption, but only an authentic packet is charged. So a stranger that forges a member's source address
/// cannot use up the member's budget, nor make the member look as if it flooded. Datagrams of DTLS are the exception: only OpenSSL can
/// authenticate them. A connected member needs none, so that their loss does no harm; a handshake has twenty times the budget; and no
/// excess of DTLS counts as a flood of the member. A stranger that forges the source of a member in its handshake can still end it.
/// </remarks>
internal sealed class MemberBudget(BudgetLimits limits)
{
    /// <summary>The time of continuous excess after which a member is reported to the control plane, µs.</summary>
    public const long FloodingAfter = 5_000_000;

    /// <summary>The shortest time between two reports about the same member, µs.</summary>
    public const long ReportInterval = 60_000_000;

    // The longest pause within one excess. Microseconds.
    private const long LongestPause = 1_000_000;

    // The budget of a handshake, compared with that of a connected member.
    private const int HandshakeFactor = 20;

    // A bucket holds the traffic of a second: a network stall of that length delivers it together.
    private TokenBucket _packets = new(limits.PacketsPerSecond, limits.PacketsPerSecond);
    private TokenBucket _bytes = new(limits.BytesPerSecond, limits.BytesPerSecond);
    private TokenBucket _reports = new(limits.ReportsPerSecond, 2 * limits.ReportsPerSecond);
    private TokenBucket _records = new(limits.DtlsRecordsPerSecond, 2 * limits.DtlsRecordsPerSecond);
    private TokenBucket _handshake = new(
        (double)HandshakeFactor * limits.DtlsRecordsPerSecond, 2.0 * HandshakeFactor * limits.DtlsRecordsPerSecond);

    private long _excessSince = long.MinValue / 2;
    private long _excessAt = long.MinValue / 2;
    private long _reportedAt = long.MinValue / 2;

    /// <summary>Returns true if the member may send a media packet of this length now.</summary>
    public bool PermitsMedia(int length, long now) => _packets.Has(1, now) && _bytes.Has(length, now);

    /// <summary>Charges an authentic media packet.</summary>
    public void ChargeMedia(int length)
    {
        _packets.Take(1);
        _bytes.Take(length);
    }

    /// <summary>Returns true if the member may send an RTCP compound now.</summary>
    public bool PermitsReport(long now) => _reports.Has(1, now);

    /// <summary>Charges an authentic RTCP compound.</summary>
    public void ChargeReport() => _reports.Take(1);

    /// <summary>
    /// Charges a datagram of DTLS records, authentic or not. Returns false if the datagram must be dropped.
    /// </summary>
    /// <param name="connected">The handshake is complete.</param>
    public bool TryChargeDtls(bool connected, long now) => connected ? _records.TryTake(1, now) : _handshake.TryTake(1, now);

    /// <summary>Records that the member sent an authentic datagram, or a packet of its budget, that it may not send.</summary>
    public void RecordExcess(long now)
    {
        if (now - _excessAt > LongestPause)
            _excessSince = now;
        _excessAt = now;
    }

    /// <summary>
    /// Returns true if the member has exceeded its limits for <see cref="FloodingAfter"/> and must be reported; then not again within
    /// <see cref="ReportInterval"/>.
    /// </summary>
    public bool DetectFlooding(long now)
    {
        if (now - _excessAt > LongestPause || now - _excessSince < FloodingAfter || now - _reportedAt < ReportInterval)
            return false;
        _reportedAt = now;
        return true;
    }
}
