namespace Hype.Grains.MediaNodes;

/// <summary>
/// Is a node alive? A beat renews the lease. Silence for <see cref="NodeLeaseOptions.SuspectAfter"/>, or a broken stream, is
/// only suspicion, as it may be the gateway in between that died: one probe of the node's own port decides, and a beat that
/// arrives while it runs outweighs its failure. A probe without an answer says nothing against a node that was heard a moment ago: it may
/// be the silo that is slow, having just started. Only once the node was silent for as long as that does it end the lease.
/// </summary>
/// <param name="options">How patient it is.</param>
/// <param name="now">When the node registered; all times are of one clock that never jumps.</param>
/// <param name="ackedFor">For how long before that another activation has heard it, as the node says.</param>
internal sealed class NodeLease(NodeLeaseOptions options, DateTimeOffset now, TimeSpan ackedFor = default)
{
    /// <summary>
    /// How long after its last word a node keeps to the indices that its tickets leave it (the node's <c>ControlContact.Fresh</c>). One that was
    /// silent for longer may have used others, so that what it gave out before is void.
    /// </summary>
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromSeconds(5);

    private DateTimeOffset _aliveAt = now;

    /// <summary>When the node last said something on its stream; a probe that it answered is not that.</summary>
    public DateTimeOffset LastHeartbeat { get; private set; } = now;

    /// <summary>Since when it has been heard without a silence in which it may have gone on beyond its tickets (<see cref="TicketLifetime"/>).</summary>
    public DateTimeOffset HeardSince { get; private set; } = now - ackedFor;

    /// <summary>Since when there is doubt, while there is: the probe runs, or has ended the lease.</summary>
    public DateTimeOffset? SuspectedAt { get; private set; }

    public bool Ended { get; private set; }

    /// <param name="now">When the word came.</param>
    /// <param name="ackedFor">For how long the node was heard by its own reckoning, which is the one that it keeps to; null: it did not say.</param>
    public void Heartbeat(DateTimeOffset now, TimeSpan? ackedFor)
    {
        if (now - LastHeartbeat > TicketLifetime)
            HeardSince = now;
        if (ackedFor is { } time && now - time > HeardSince)
            HeardSince = now - time;
        _aliveAt = LastHeartbeat = now;
    }

    /// <summary>True when it is time to probe; the probe then counts as running.</summary>
    public bool Check(DateTimeOffset now) => now - _aliveAt >= options.SuspectAfter && Suspect(now);

    /// <summary>Someone has reason to doubt. True when the caller shall probe: there is one probe at a time.</summary>
    public bool Suspect(DateTimeOffset now)
    {
        if (Ended || SuspectedAt is not null)
            return false;

        SuspectedAt = now;
        return true;
    }

    /// <summary>What the probe found. True when the lease has ended by it.</summary>
    public bool Probed(ProbeResult found, DateTimeOffset now)
    {
        if (Ended || SuspectedAt is not { } since)
            return false;

        if (found == ProbeResult.Alive)
            _aliveAt = now;
        else
            Ended = _aliveAt <= since && (found == ProbeResult.Gone || now - _aliveAt >= options.SuspectAfter);
        if (!Ended)
            SuspectedAt = null;
        return Ended;
    }
}
