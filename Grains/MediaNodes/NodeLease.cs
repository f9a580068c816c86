namespace Hype.Grains.MediaNodes;

/// <summary>
/// Is a node alive? A beat renews the lease. Silence for <see cref="NodeLeaseOptions.SuspectAfter"/>, or a broken stream, is
/// only suspicion, as it may be the gateway in between that died: one probe of the node's own port decides, and a beat that
/// arrives while it runs outweighs its failure.
/// </summary>
internal sealed class NodeLease(NodeLeaseOptions options, DateTimeOffset now)
{
    private DateTimeOffset? _probedSince;

    public DateTimeOffset LastBeat { get; private set; } = now;

    public bool Ended { get; private set; }

    public bool Probing => _probedSince is not null;

    public void Beat(DateTimeOffset now) => LastBeat = now;

    /// <summary>True when it is time to probe; the probe then counts as running.</summary>
    public bool Check(DateTimeOffset now) => now - LastBeat >= options.SuspectAfter && Suspect(now);

    /// <summary>Someone has reason to doubt. True when the caller shall probe: there is one probe at a time.</summary>
    public bool Suspect(DateTimeOffset now)
    {
        if (Ended || Probing)
            return false;

        _probedSince = now;
        return true;
    }

    /// <summary>What the probe found. True when the lease has ended by it.</summary>
    public bool Probed(bool alive, DateTimeOffset now)
    {
        if (_probedSince is not { } since)
            return false;

        _probedSince = null;
        if (alive)
            LastBeat = now;
        else
            Ended = LastBeat <= since;
        return Ended;
    }
}
