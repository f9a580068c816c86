using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using static Hype.Gateway.Tests.Testing.ChannelSamples;
using Arrival = Hype.Gateway.Signaling.Replica.BatchStream.Arrival;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BatchStreamTests
{
    private readonly BatchStream _stream = new();

    [Test]
    public void Batches_before_the_first_snapshot_are_held()
    {
        Assert.That(_stream.Accept(Batch(4)), Is.EqualTo(Arrival.Held));
        Assert.That(_stream.Accept(Batch(5)), Is.EqualTo(Arrival.Held));
        Assert.That(Sequences(_stream.StartFromJoin(1)), Is.EqualTo(new[] { 4L, 5L }));
    }

    [Test]
    public void First_batch_after_a_join_sets_the_number_of_the_next_batch()
    {
        _stream.StartFromJoin(1);
        Assert.That(_stream.Accept(Batch(8)), Is.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(9)), Is.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(11)), Is.EqualTo(Arrival.Broken));
    }

    [Test]
    public void Batches_after_a_gap_are_held_until_the_snapshot()
    {
        _stream.StartFromAttach(1);
        Assert.That(_stream.Accept(Batch(2)), Is.EqualTo(Arrival.Broken));
        Assert.That(_stream.Accept(Batch(3)), Is.EqualTo(Arrival.Held));
        Assert.That(Sequences(_stream.StartFromJoin(1)), Is.EqualTo(new[] { 2L, 3L }));
    }

    [Test]
    public void Attach_drops_the_held_batches_of_the_previous_count()
    {
        _stream.StartFromAttach(1);
        _stream.Hold();
        foreach (var sequence in new long[] { 7, 8, 1, 2 })
            _stream.Accept(Batch(sequence));
        Assert.That(Sequences(_stream.StartFromAttach(1)), Is.EqualTo(new[] { 1L, 2L }));
    }

    [Test]
    public void Attach_without_a_batch_of_the_new_count_drops_all_held_batches()
    {
        _stream.Accept(Batch(7));
        Assert.That(_stream.StartFromAttach(1), Is.Empty);
        Assert.That(_stream.Accept(Batch(1)), Is.EqualTo(Arrival.InOrder));
    }

    [Test]
    public void Batch_of_another_incarnation_breaks_the_stream()
    {
        _stream.StartFromAttach(1);
        Assert.That(_stream.Accept(Batch(1, incarnation: 2)), Is.EqualTo(Arrival.Broken));
        Assert.That(Sequences(_stream.StartFromAttach(2)), Is.EqualTo(new[] { 1L }));
        Assert.That(_stream.Incarnation, Is.EqualTo(2));
    }

    [Test]
    public void Held_batches_above_the_limit_leave_a_gap()
    {
        for (var i = 1; i <= BatchStream.MaxHeld + 1; i++)
            _stream.Accept(Batch(i));
        var arrivals = _stream.StartFromAttach(1).Select(_stream.Accept).ToList();
        Assert.That(arrivals, Has.Count.EqualTo(BatchStream.MaxHeld).And.All.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(BatchStream.MaxHeld + 2)), Is.EqualTo(Arrival.Broken));
    }

    private static ChannelEventBatch Batch(long sequence, long incarnation = 1) => new(Lobby, incarnation, sequence, []);

    private static IEnumerable<long> Sequences(IEnumerable<ChannelEventBatch> batches) => batches.Select(batch => batch.Sequence);
}
