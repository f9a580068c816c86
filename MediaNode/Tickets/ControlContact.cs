using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// The last proven contact with the control plane: the sending time of the newest message that the control plane has acknowledged
/// (<c>Ack</c> of node_registry.proto). The registration writes it; every worker reads it.
/// </summary>
internal sealed class ControlContact(TimeProvider time)
{
    /// <summary>
    /// The age up to which the contact counts as fresh, µs. After a longer silence of this node the control plane, which uses the same
    /// limit, revives none of its tickets, so a sender may continue beyond the index in its ticket.
    /// </summary>
    public const long Fresh = 5_000_000;

    private readonly MonotonicClock _clock = new(time);
    private readonly long _startedAt = new MonotonicClock(time).Now;
    private long _contactAt = long.MinValue / 2;
    private long _freshSince;

    /// <summary>The current time, in microseconds of the workers' clock.</summary>
    public long Now => _clock.Now;

    /// <summary>The time since the last contact, or since the start of the process if there was none.</summary>
    public TimeSpan Age => TimeSpan.FromMicroseconds(Now - Math.Max(Volatile.Read(ref _contactAt), _startedAt));

    public bool IsFresh(long now) => now - Volatile.Read(ref _contactAt) <= Fresh;

    /// <summary>
    /// Returns the time for which the contact has been fresh without a break; 0 if it is not fresh. Only the registration calls it.
    /// </summary>
    public TimeSpan FreshFor(long now) => IsFresh(now) ? TimeSpan.FromMicroseconds(now - _freshSince) : TimeSpan.Zero;

    /// <param name="sentAt">The time at which the acknowledged message was sent, in the workers' microseconds.</param>
    public void Record(long sentAt)
    {
        // A worker that saw the contact as stale in between used this same comparison, and may have continued without the control plane.
        if (!IsFresh(Now))
            _freshSince = Now;
        Volatile.Write(ref _contactAt, sentAt);
    }
}
