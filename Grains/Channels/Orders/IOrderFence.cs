namespace Hype.Grains.Channels.Orders;

/// <summary>Distinguishes the orders of an activation of the channel from those of earlier and later activations.</summary>
internal interface IOrderFence
{
    /// <summary>The number of this activation; it grows with each activation that has taken the fence.</summary>
    long Incarnation { get; }

    /// <summary>True if this activation has written the record.</summary>
    bool IsTaken { get; }

    /// <summary>True if this activation has ended, because a later one has taken the fence.</summary>
    bool IsLost { get; }

    /// <summary>
    /// Returns true if this activation has written the record and has not detected a later one; all calls during the write wait for it.
    /// </summary>
    Task<bool> TakeAsync();

    /// <summary>
    /// Writes the record, because a media node has refused an order as one of an earlier activation. Returns true if there is no later
    /// one.
    /// </summary>
    /// <remarks>A write that has already started proves nothing: it may have been committed before the write of the later one.</remarks>
    Task<bool> RetakeAsync();
}
