namespace Hype.Grains.Silos;

/// <summary>
/// Holds back this silo while other silos may have declared it dead and activated its grains: after a pause, until the membership table
/// has shown it as a member. Incoming calls pass the gate before a grain executes them. A timer or a background task has no call, so it
/// passes the gate itself before it decides or sends anything.
/// </summary>
public interface IMembershipGate
{
    /// <summary>True if the membership table has recently shown this silo as a member.</summary>
    bool IsConfirmed { get; }

    /// <summary>The time for which the gate has been closed; zero: it is open.</summary>
    TimeSpan ClosedFor { get; }

    /// <summary>The silence after which other silos declare this one dead.</summary>
    TimeSpan Silence { get; }

    /// <summary>Waits until this silo may act. Returns false if it is no longer a member of the cluster.</summary>
    ValueTask<bool> PassAsync();
}
