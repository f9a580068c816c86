using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// One registered incarnation of a node while its lease runs: its connection, its load and the state of its drain. Times are uptimes of
/// the node's grain; the session converts them to wall-clock times for its readers.
/// </summary>
internal sealed class NodeSession(NodeRegistration registration, IMediaNodeClient client, NodeLease lease) : IDisposable
{
    /// <summary>
    /// The time after which the channels are notified of a drain again: a channel ignores the first notification while a layout change or
    /// its own restore is in progress.
    /// </summary>
    internal static readonly TimeSpan DrainReminder = TimeSpan.FromSeconds(3);

    private TimeSpan? _drainNotifiedAt;

    public NodeRegistration Registration { get; } = registration;

    public IMediaNodeClient Client { get; } = client;

    public NodeLease Lease { get; } = lease;

    public NodeLoad Load { get; set; } = NodeLoad.Idle;

    /// <summary>True when the connection of this session also reaches the node of a registration.</summary>
    public bool IsConnectedTo(NodeRegistration other) =>
        Registration.ControlUrl == other.ControlUrl && Registration.ControlToken == other.ControlToken;

    /// <summary>
    /// Compares the load with the drain that the channels know. Returns true when a drain begins: the channels must be notified.
    /// </summary>
    public bool DrainBegins()
    {
        if (!Load.Draining)
            _drainNotifiedAt = null;
        return Load.Draining && _drainNotifiedAt is null;
    }

    public void DrainNotified(TimeSpan now) => _drainNotifiedAt = now;

    public bool IsDrainReminderDue(TimeSpan now) => now - _drainNotifiedAt >= DrainReminder;

    /// <summary>Returns the wall-clock time of the last message of the node's stream.</summary>
    public DateTimeOffset LastHeartbeat(DateTimeOffset wallClock, TimeSpan uptime) => wallClock - (uptime - Lease.LastHeartbeat);

    /// <summary>Returns <see cref="NodeLease.AckedSince"/> as a wall-clock time.</summary>
    public DateTimeOffset AckedSince(DateTimeOffset wallClock, TimeSpan uptime) => wallClock - (uptime - Lease.AckedSince);

    public NodeStatus Status(DateTimeOffset wallClock, TimeSpan uptime) =>
        new() { Registration = Registration, Load = Load, LastHeartbeat = LastHeartbeat(wallClock, uptime) };

    public void Dispose() => Client.Dispose();
}
