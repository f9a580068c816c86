namespace Hype.LoadTest.Targets;

/// <summary>How far a join has come.</summary>
internal enum JoinPhase
{
    /// <summary>There is a token, a session, a handle: whatever the server wants to see first.</summary>
    Credentials,

    /// <summary>The signaling socket is open.</summary>
    Socket,

    /// <summary>The server gave a seat.</summary>
    Admitted,

    /// <summary>The server said what its media transport is.</summary>
    Offered,

    /// <summary>ICE and DTLS are done; media flows.</summary>
    Connected,
}

/// <summary>When a join reached its phases, in µs after it began. Written by one join at a time, in order.</summary>
internal sealed class JoinPhases(long began)
{
    public const int Count = (int)JoinPhase.Connected + 1;

    private readonly long[] _at = new long[Count];

    public long Began => began;

    /// <summary>The last phase that was reached; null: none.</summary>
    public JoinPhase? Last { get; private set; }

    /// <summary>The first time counts: later transports of the same session are not part of the join.</summary>
    public void Reach(JoinPhase phase, long now)
    {
        if (_at[(int)phase] != 0)
            return;
        _at[(int)phase] = Math.Max(1, now - began);
        Last = phase;
    }

    /// <summary>µs from the beginning; null: never reached.</summary>
    public long? At(JoinPhase phase) => _at[(int)phase] is var at and > 0 ? at : null;
}
