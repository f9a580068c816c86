namespace Hype.Grains.MediaNodes;

/// <summary>
/// Decides whether a node is alive. A heartbeat renews the lease. Silence for <see cref="NodeLeaseOptions.SuspectAfter"/>, or a broken
/// stream, is only a suspicion: the gateway in between may have died. One probe of the node's own port decides, and a heartbeat that
/// arrives during the probe outweighs its failure. A probe without an answer does not count against a node whose heartbeat arrived a
/// moment ago, because the silo may be slow after its start. Only after <see cref="NodeLeaseOptions.SuspectAfter"/> of silence does it end
/// the lease. All times are uptimes of the node's grain: a clock that never jumps.
/// </summary>
/// <param name="options">The lease's durations.</param>
/// <param name="now">The time at which the node registered.</param>
/// <param name="ackedFor">The time for which another activation acknowledged the node before, as the node reports it.</param>
internal sealed class NodeLease(NodeLeaseOptions options, TimeSpan now, TimeSpan ackedFor = default)
{
    /// <summary>
    /// The time after its last acknowledged message in which a node stays below the index limits of its tickets (the node's
    /// <c>ControlContact.Fresh</c>). After a longer silence it may have used higher indices, so that its earlier tickets are void.
    /// </summary>
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromSeconds(5);

    private TimeSpan _aliveAt = now;

    /// <summary>The arrival of the last message of the node's stream. An answered probe does not count.</summary>
    public TimeSpan LastHeartbeat { get; private set; } = now;

    /// <summary>The start of the period in which no silence was long enough to void tickets (<see cref="TicketLifetime"/>).</summary>
    public TimeSpan AckedSince { get; private set; } = now - ackedFor;

    /// <summary>The start of the suspicion that is being probed, or that ended the lease; null: no suspicion.</summary>
    public TimeSpan? SuspectedAt { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Renews the lease: a message of the node's stream arrived.</summary>
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

    /// <summary>Returns true when a probe is due; the probe then counts as running.</summary>
    public bool Check(TimeSpan now) => now - _aliveAt >= options.SuspectAfter && Suspect(now);

    /// <summary>Starts a suspicion. Returns true when the caller must probe: only one probe runs at a time.</summary>
    public bool Suspect(TimeSpan now)
    {
        if (Ended || SuspectedAt is not null)
            return false;
        SuspectedAt = now;
        return true;
    }

    /// <summary>Takes the result of a probe. Returns true when it ended the lease.</summary>
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
