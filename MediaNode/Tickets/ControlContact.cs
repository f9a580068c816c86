using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// When the control plane last heard this node for certain: the moment at which the newest message was sent that it has
/// acknowledged (<c>Kept</c> of node_registry.proto). Written by the registration, read by every worker.
/// </summary>
internal sealed class ControlContact(TimeProvider time)
{
    /// <summary>
    /// Microseconds. Older than this, the control plane counts as away: it would revive no ticket of this node (it uses the same
    /// limit), so that a sender may go on beyond the index that its ticket names.
    /// </summary>
    public const long Fresh = 5_000_000;

    private readonly MonotonicClock _clock = new(time);
    private readonly long _startedAt = new MonotonicClock(time).Now;
    private long _heardAt = long.MinValue / 2;
    private long _heardSince;

    /// <summary>The present, in the workers' microseconds.</summary>
    public long Now => _clock.Now;

    /// <summary>Since it was heard, or since the start of a process that was not yet.</summary>
    public TimeSpan Age => TimeSpan.FromMicroseconds(Now - Math.Max(Volatile.Read(ref _heardAt), _startedAt));

    public bool IsFresh(long now) => now - Volatile.Read(ref _heardAt) <= Fresh;

    /// <summary>For how long it has been fresh without a break. Asked by the registration.</summary>
    public TimeSpan FreshFor(long now) => IsFresh(now) ? TimeSpan.FromMicroseconds(now - _heardSince) : TimeSpan.Zero;

    /// <param name="sentAt">When the acknowledged message was sent, in the workers' microseconds.</param>
    public void Heard(long sentAt)
    {
        // What a worker saw as stale in between, it saw by this same comparison, and it may have gone on without the control plane.
        if (!IsFresh(Now))
            _heardSince = Now;
        Volatile.Write(ref _heardAt, sentAt);
    }
}
