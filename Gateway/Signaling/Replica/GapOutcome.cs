namespace Hype.Gateway.Signaling.Replica;

/// <summary>The end of a gap in the numbers of a channel's batches; a label value of a metric.</summary>
internal enum GapOutcome
{
    /// <summary>The missing batch arrived late, and all batches were applied in order.</summary>
    Filled,

    /// <summary>The missing batch did not arrive in time: the gateway asked for a snapshot.</summary>
    Snapshot,
}
