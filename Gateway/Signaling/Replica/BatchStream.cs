using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Orders a channel's batches and detects a missing one. Batches are held while the gateway waits for a snapshot. The snapshot of
/// <see cref="IChannelGrain.Attach"/> starts a new count at 1, and drops the held batches of the previous count.
/// </summary>
internal sealed class BatchStream
{
    /// <summary>
    /// The largest number of held batches. Further batches are dropped; the gap that they leave causes one more request for a snapshot.
    /// </summary>
    public const int MaxHeld = 1024;

    private readonly List<ChannelEventBatch> _held = [];
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

        Hold();
        _held.Add(batch);
        return Arrival.Broken;
    }

    public void Hold() => _holding = true;

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

        /// <summary>The batch is held until a snapshot arrives.</summary>
        Held,

        /// <summary>A batch is missing, or the channel has a new incarnation: a snapshot is needed.</summary>
        Broken,
    }
}
