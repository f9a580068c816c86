using Hype.MediaNode.Configuration;
using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Workers;

/// <summary>The limits of one worker for endpoints and handshakes, as configured in <see cref="MediaNodeOptions"/>.</summary>
/// <param name="Endpoints">Endpoints in total.</param>
/// <param name="PendingHandshakes">Handshakes in progress at a time.</param>
/// <param name="RoomHandshakes">Handshakes in progress at a time for the members of one room.</param>
/// <param name="HandshakesPerAddress">Handshakes begun in a second.</param>
/// <param name="Budget">The traffic of each member.</param>
internal sealed record WorkerLimits(
    int Endpoints, int PendingHandshakes, int RoomHandshakes, int HandshakesPerAddress, BudgetLimits Budget)
{
    /// <summary>The sequence numbers per second of each slot (<see cref="Rooms.SlotPace"/>).</summary>
    public int SlotPace { get; init; } = Rooms.SlotPace.PerSecond;

    public static WorkerLimits Default { get; } = Of(new MediaNodeOptions());

    public static WorkerLimits Of(MediaNodeOptions options) =>
        new(
            options.MaxEndpointsPerWorker, options.MaxPendingHandshakes, options.MaxPendingHandshakesPerRoom,
            options.HandshakesPerAddress, new BudgetLimits(
                options.PacketsPerSecond, options.BytesPerSecond, options.ReportsPerSecond, options.DtlsRecordsPerSecond));
}
