using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Orders a channel's batches and detects a missing one. A silo without a connection to this gateway sends each batch through any other
/// silo, so a batch may overtake an earlier one: a few early batches wait for the missing one. Batches are also held while the gateway
/// waits for a snapshot. The snapshot of <see cref="IChannelGrain.Attach"/> starts a new count at 1, and drops the held batches of the
/// previous count.
/// </summary>
internal sealed class BatchStream
{
    /// <summary>
    /// The largest number of held batches. Further batches are dropped; the gap that they leave causes one more request for a snapshot.
    /// </summary>
    public const int MaxHeld = 1024;

    /// <summary>The number of batches by which a batch may be early; a larger gap means that batches are lost.</summary>
    public const int MaxEarly = 16;

    private readonly List<ChannelEventBatch> _held = [];
    private readonly SortedList<long, ChannelEventBatch> _early = [];
    private long? _next;
    private bool _holding = true;

    /// <summary>The incarnation of the channel grain whose batches are counted.</summary>
    public long Incarnation { get; private set; }

    public Arrival Accept(ChannelEventBatch batch)
    {
        if (_holding)
        {
            if (_held.Count < MaxHeld)
                _held.Add(batch);
            return Arrival.Held;
        }

        if (batch.Incarnation == Incarnation && (_next is null || batch.Sequence == _next))
        {
            _next = batch.Sequence + 1;
            return Arrival.InOrder;
        }

        if (batch.Incarnation == Incarnation && batch.Sequence > _next && batch.Sequence - _next <= MaxEarly)
            return _early.TryAdd(batch.Sequence, batch) && _early.Count == 1 ? Arrival.Early : Arrival.Held;
        Hold();
        _held.Add(batch);
        return Arrival.Broken;
    }

    /// <summary>The number of the batch that early batches wait for; null if none waits.</summary>
    public long? Missing => _early.Count > 0 ? _next : null;

    /// <summary>Removes and returns an early batch whose turn it is; null if there is none.</summary>
    public ChannelEventBatch? TakeNext()
    {
        if (_early.Count == 0 || _early.GetKeyAtIndex(0) != _next)
            return null;
        var batch = _early.GetValueAtIndex(0);
        _early.RemoveAt(0);
        return batch;
    }

    /// <summary>Holds all batches until the next snapshot, also the early ones.</summary>
    public void Hold()
    {
        _holding = true;
        _held.AddRange(_early.Values);
        _early.Clear();
    }

    /// <summary>Starts with the snapshot of a join, which has no batch number: the first batch that arrives sets the count.</summary>
    /// <returns>The held batches that follow the snapshot.</returns>
    public IEnumerable<ChannelEventBatch> StartFromJoin(long incarnation) => Restart(incarnation, next: null);

    /// <summary>Starts with the snapshot of an attach: the batch with number 1 follows it.</summary>
    /// <returns>The held batches that follow the snapshot.</returns>
    public IEnumerable<ChannelEventBatch> StartFromAttach(long incarnation) => Restart(incarnation, next: 1);

    private List<ChannelEventBatch> Restart(long incarnation, long? next)
    {
        (Incarnation, _next, _holding) = (incarnation, next, false);
        var batches = _held.FindAll(batch => batch.Incarnation == incarnation);
        _held.Clear();
        if (next is not null)
        {
            var first = batches.FindLastIndex(batch => batch.Sequence == next);
            batches.RemoveRange(0, first < 0 ? batches.Count : first);
        }

        return batches;
    }

    /// <summary>The result of <see cref="Accept"/>.</summary>
    public enum Arrival
    {
        InOrder,

        /// <summary>A batch before this one is missing, and may still arrive; the first of several early batches.</summary>
        Early,

        /// <summary>The batch is held until a snapshot or the missing batch arrives.</summary>
        Held,

        /// <summary>A batch is missing, or the channel has a new incarnation: a snapshot is needed.</summary>
        Broken,
    }
}
