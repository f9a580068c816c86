namespace Hype.LoadTest.Targets;

/// <summary>The phases of a join.</summary>
internal enum JoinPhase
{
    /// <summary>The credentials for the server exist: a token, a session, a handle.</summary>
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

/// <summary>The times at which a join reached its phases, in µs after its start. Written by one join at a time, in order.</summary>
internal sealed class JoinPhases(long began)
{
    public const int Count = (int)JoinPhase.Connected + 1;

    private readonly long[] _at = new long[Count];

    public long Began => began;

    /// <summary>The last phase reached; null: none.</summary>
    public JoinPhase? Last { get; private set; }

    /// <summary>Records a phase; only its first time counts: later transports of the same session do not belong to the join.</summary>
    public void Reach(JoinPhase phase, long now)
    {
        if (_at[(int)phase] != 0)
            return;
        _at[(int)phase] = Math.Max(1, now - began);
        Last = phase;
    }

    /// <summary>Returns the time from the start to a phase in µs; null: it was not reached.</summary>
    public long? At(JoinPhase phase) => _at[(int)phase] is var at and > 0 ? at : null;
}
