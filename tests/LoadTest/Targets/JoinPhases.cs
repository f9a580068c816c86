namespace Hype.LoadTest.Targets;

/// <summary>The phases of a join.</summary>
internal enum JoinPhase
{
    /// <summary>The client has everything that the join requires, such as a token.</summary>
    Credentials,

    /// <summary>The signaling socket is open.</summary>
    Socket,

    /// <summary>The server admitted the participant.</summary>
    Admitted,

    /// <summary>The server described its media transport.</summary>
    Offered,

    /// <summary>ICE and DTLS are complete; media can flow.</summary>
    Connected,
}

/// <summary>The times at which one join reached its phases, in µs after its start. One caller at a time writes them, in order.</summary>
internal sealed class JoinPhases(long began)
{
    public const int Count = (int)JoinPhase.Connected + 1;

    private readonly long[] _at = new long[Count];

    public long Began => began;

    /// <summary>The last phase that the join has reached; null: none.</summary>
    public JoinPhase? Last { get; private set; }

    /// <summary>
    /// Records that the join has reached a phase. Repetitions do not count: later transports of the same session do not belong to the
    /// join.
    /// </summary>
    public void Reach(JoinPhase phase, long now)
    {
        if (_at[(int)phase] != 0)
            return;
        _at[(int)phase] = Math.Max(1, now - began);
        Last = phase;
    }

    /// <summary>Returns the time in µs from the start of the join to a phase; null: the join did not reach the phase.</summary>
    public long? At(JoinPhase phase) => _at[(int)phase] is var at and > 0 ? at : null;
}
