using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// A registered process (incarnation) of a media node while its lease runs: its connection, its load and the state of its drain. Its times
/// are uptimes of the node's grain; it converts them to durations for channels, and to wall-clock times for display.
/// </summary>
internal sealed class NodeSession(NodeRegistration registration, IMediaNodeClient client, NodeLease lease) : IDisposable
{
    /// <summary>
    /// The interval at which channels are notified again of a running drain: a channel ignores a notification during a layout change or
    /// while it is restored.
    /// </summary>
    internal static readonly TimeSpan DrainReminder = TimeSpan.FromSeconds(3);

    private TimeSpan? _drainNotifiedAt;

    public NodeRegistration Registration { get; } = registration;

    public IMediaNodeClient Client { get; } = client;

    public NodeLease Lease { get; } = lease;

    public NodeLoad Load { get; set; } = NodeLoad.Idle;

    /// <summary>Returns true if the connection of this session also reaches a node with the given registration.</summary>
    public bool IsConnectedTo(NodeRegistration other) =>
        Registration.ControlUrl == other.ControlUrl && Registration.ControlToken == other.ControlToken;

    /// <summary>Returns true if the node reports a drain of which the channels have not been notified.</summary>
    public bool DrainBegins()
    {
        if (!Load.Draining)
            _drainNotifiedAt = null;
        return Load.Draining && _drainNotifiedAt is null;
    }

    public void DrainNotified(TimeSpan now) => _drainNotifiedAt = now;

    public bool IsDrainReminderDue(TimeSpan now) => now - _drainNotifiedAt >= DrainReminder;

    /// <summary>Returns the wall-clock time at which the last message of the node's stream arrived.</summary>
    public DateTimeOffset LastHeartbeat(DateTimeOffset wallClock, TimeSpan uptime) => wallClock - (uptime - Lease.LastHeartbeat);

    public TimeSpan SilentFor(TimeSpan uptime) => uptime - Lease.LastHeartbeat;

    /// <summary>Returns the time since <see cref="NodeLease.AckedSince"/>.</summary>
    public TimeSpan AckedFor(TimeSpan uptime) => uptime - Lease.AckedSince;

    public NodeStatus Status(DateTimeOffset wallClock, TimeSpan uptime) =>
        new() { Registration = Registration, Load = Load, LastHeartbeat = LastHeartbeat(wallClock, uptime) };

    public void Dispose() => Client.Dispose();
}
