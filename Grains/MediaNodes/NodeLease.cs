namespace Hype.Grains.MediaNodes;

/// <summary>
/// Decides whether a media node is alive. A heartbeat renews the lease. Silence for <see cref="NodeLeaseOptions.SuspectAfter"/> or a
/// broken stream only raises a suspicion, because the gateway between the node and the grain may have failed. A probe of the node's own
/// port then decides, unless a heartbeat arrives during the probe. An unanswered probe ends the lease only if no heartbeat arrived for
/// <see cref="NodeLeaseOptions.SuspectAfter"/>, because the silo itself may be slow after its start. All times are uptimes of the node's
/// grain, from a clock that never jumps.
/// </summary>
/// <param name="options">The lease's durations.</param>
/// <param name="now">The time at which the node registered.</param>
/// <param name="ackedFor">The time for which another activation acknowledged the node before, as the node reports it.</param>
internal sealed class NodeLease(NodeLeaseOptions options, TimeSpan now, TimeSpan ackedFor = default)
{
    /// <summary>
    /// The time after the last acknowledgement during which a node uses only SRTP indices below the limits in its tickets
    /// (<c>ControlContact.Fresh</c> of the node). After a longer silence it may have used higher indices, so its earlier tickets are void.
    /// </summary>
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest unknown travel of the notice of a node's loss to a channel: the timeout of an attempt is 2 s, and a pause of the silo
    /// that is shorter than 2.25 s does not close its membership gate. Earlier attempts and the wait at a closed gate are known
    /// (<c>CallAttempt.Age</c>), and the channel adds them to the silence of the node.
    /// </summary>
    internal static readonly TimeSpan NoticeTravel = TimeSpan.FromSeconds(2.5);

    private TimeSpan _aliveAt = now;

    /// <summary>The time at which the last message of the node's stream arrived. An answered probe does not count.</summary>
    public TimeSpan LastHeartbeat { get; private set; } = now;

    /// <summary>
    /// The start of the latest period without a silence long enough to void the node's tickets (<see cref="TicketLifetime"/>).
    /// </summary>
    public TimeSpan AckedSince { get; private set; } = now - ackedFor;

    /// <summary>The time at which the current suspicion began, or the one that ended the lease; null if there is none.</summary>
    public TimeSpan? SuspectedAt { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>
    /// Returns the time for which a channel may use the tickets of a lost node after it was notified of this silence of the node;
    /// negative: they are void.
    /// </summary>
    public static TimeSpan TicketsValidFor(TimeSpan silentFor) => TicketLifetime - NoticeTravel - silentFor;

    /// <summary>Renews the lease, because a message of the node's stream arrived.</summary>
    /// <param name="now">The time of its arrival.</param>
    /// <param name="ackedFor">The time for which the node was acknowledged, by its own clock; null: not sent.</param>
    public void Renew(TimeSpan now, TimeSpan? ackedFor)
    {
        if (now - LastHeartbeat > TicketLifetime)
            AckedSince = now;
        if (ackedFor is { } time && now - time > AckedSince)
            AckedSince = now - time;
        _aliveAt = LastHeartbeat = now;
    }

    /// <summary>Checks for silence. Returns true if the caller must probe the node; the lease then waits for the result.</summary>
    public bool Check(TimeSpan now) => now - _aliveAt >= options.SuspectAfter && Suspect(now);

    /// <summary>Starts a suspicion. Returns true if the caller must probe the node, false if a probe is already running.</summary>
    public bool Suspect(TimeSpan now)
    {
        if (Ended || SuspectedAt is not null)
            return false;
        SuspectedAt = now;
        return true;
    }

    /// <summary>
    /// Returns whether another process with the same node id must be refused: the lease's process answered a probe, or it did not answer
    /// in time but sent a heartbeat within <see cref="NodeLeaseOptions.SuspectAfter"/>.
    /// </summary>
    public bool IsHeldAgainstAnother(ProbeResult result, TimeSpan now) =>
        !Ended && (result == ProbeResult.Alive || (result == ProbeResult.Silent && now - LastHeartbeat < options.SuspectAfter));

    /// <summary>Applies the result of a probe. Returns true if it ended the lease.</summary>
    public bool Probed(ProbeResult result, TimeSpan now)
    {
        if (Ended || SuspectedAt is not { } since)
            return false;
        if (result == ProbeResult.Alive)
            _aliveAt = now;
        else
            Ended = _aliveAt <= since && (result == ProbeResult.Gone || now - _aliveAt >= options.SuspectAfter);
        if (!Ended)
            SuspectedAt = null;
        return Ended;
    }
}
