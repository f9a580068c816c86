namespace Hype.MediaNode.Rooms;

/// <summary>The traffic that each member may send, per second (<see cref="MemberBudget"/>).</summary>
/// <param name="PacketsPerSecond">Media packets.</param>
/// <param name="BytesPerSecond">Bytes of media packets, with headers and authentication tags.</param>
/// <param name="ReportsPerSecond">RTCP compounds.</param>
/// <param name="DtlsRecordsPerSecond">Datagrams of DTLS records.</param>
internal sealed record BudgetLimits(int PacketsPerSecond, int BytesPerSecond, int ReportsPerSecond, int DtlsRecordsPerSecond)
{
    public static BudgetLimits Unlimited { get; } = new(int.MaxValue, int.MaxValue, int.MaxValue / 2, int.MaxValue / 2);
}
