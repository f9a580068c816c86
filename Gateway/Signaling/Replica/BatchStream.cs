using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Puts a channel's batches in order and notices when one is missing. While a snapshot is awaited, batches are held; the
/// snapshot that comes from <see cref="IChannelGrain.Attach"/> starts a new count at 1, and what was counted before it is dropped.
/// </summary>
internal sealed class BatchStream
{
    /// <summary>Held batches beyond this many are dropped: the gap that leaves asks for one more snapshot.</summary>
    private const int MaxHeld = 1024;

    private readonly List<ChannelEventBatch> _held = [];
    private long? _next;
    private bool _holding = true;

    /// <summary>The channel's activation that the count belongs to.</summary>
    public long Incarnation { get; private set; }

    public enum Arrival
    {
        InOrder,

        /// <summary>Belongs to a time before the snapshot, or waits for one.</summary>
        NotNow,

        /// <summary>A batch is missing, or the channel has a new incarnation: a snapshot is needed.</summary>
        Broken,
    }

    public Arrival Arrive(ChannelEventBatch batch)
    {
        if (_holding)
        {
            if (_held.Count < MaxHeld)
                _held.Add(batch);
            return Arrival.NotNow;
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

    /// <summary>A snapshot from joining: it does not touch the count, which is taken from the first batch that comes.</summary>
    public IEnumerable<ChannelEventBatch> StartFromJoin(long incarnation) => Restart(incarnation, next: null);

    /// <summary>A snapshot from attaching.</summary>
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
}
