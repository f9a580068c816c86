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
    public void Batches_received_before_the_first_snapshot_are_held_until_the_snapshot()
    {
        Assert.That(_stream.Accept(Batch(4)), Is.EqualTo(Arrival.Held));
        Assert.That(_stream.Accept(Batch(5)), Is.EqualTo(Arrival.Held));
        Assert.That(Sequences(_stream.StartFromJoin(1)), Is.EqualTo(new[] { 4L, 5L }));
    }

    [Test]
    public void Number_of_the_first_batch_after_a_join_determines_the_next_expected_number()
    {
        _stream.StartFromJoin(1);
        Assert.That(_stream.Accept(Batch(8)), Is.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(9)), Is.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(11)), Is.EqualTo(Arrival.Early));
    }

    [Test]
    public void Batches_after_a_sequence_gap_are_held_until_the_next_snapshot()
    {
        _stream.StartFromAttach(1);
        Assert.That(_stream.Accept(Batch(BatchStream.MaxEarly + 2)), Is.EqualTo(Arrival.Broken));
        Assert.That(_stream.Accept(Batch(BatchStream.MaxEarly + 3)), Is.EqualTo(Arrival.Held));
        Assert.That(
            Sequences(_stream.StartFromJoin(1)), Is.EqualTo(new long[] { BatchStream.MaxEarly + 2, BatchStream.MaxEarly + 3 }));
    }

    [Test]
    public void Early_batches_wait_for_the_missing_one_and_follow_it_in_order()
    {
        _stream.StartFromAttach(1);
        Assert.That(_stream.Accept(Batch(4)), Is.EqualTo(Arrival.Early));
        Assert.That(_stream.Accept(Batch(2)), Is.EqualTo(Arrival.Held));
        Assert.That(_stream.Missing, Is.EqualTo(1));
        Assert.That(_stream.TakeNext(), Is.Null);
        Assert.That(_stream.Accept(Batch(1)), Is.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(_stream.TakeNext()!), Is.EqualTo(Arrival.InOrder));
        Assert.That((_stream.TakeNext(), _stream.Missing), Is.EqualTo(((ChannelEventBatch?)null, (long?)3)));
    }

    [Test]
    public void Early_batches_are_held_for_the_snapshot_after_the_missing_one_is_given_up()
    {
        _stream.StartFromAttach(1);
        _stream.Accept(Batch(3));
        _stream.Accept(Batch(2));
        _stream.Hold();
        Assert.That(_stream.Missing, Is.Null);
        Assert.That(Sequences(_stream.StartFromJoin(1)), Is.EqualTo(new[] { 2L, 3L }));
    }

    [Test]
    public void Attach_drops_the_held_batches_numbered_before_the_restart_of_the_sequence()
    {
        _stream.StartFromAttach(1);
        _stream.Hold();
        foreach (var sequence in new long[] { 7, 8, 1, 2 })
            _stream.Accept(Batch(sequence));
        Assert.That(Sequences(_stream.StartFromAttach(1)), Is.EqualTo(new[] { 1L, 2L }));
    }

    [Test]
    public void Attach_drops_all_held_batches_if_none_belongs_to_the_restarted_sequence()
    {
        _stream.Accept(Batch(7));
        Assert.That(_stream.StartFromAttach(1), Is.Empty);
        Assert.That(_stream.Accept(Batch(1)), Is.EqualTo(Arrival.InOrder));
    }

    [Test]
    public void Batch_of_another_incarnation_of_the_channel_breaks_the_stream()
    {
        _stream.StartFromAttach(1);
        Assert.That(_stream.Accept(Batch(1, incarnation: 2)), Is.EqualTo(Arrival.Broken));
        Assert.That(Sequences(_stream.StartFromAttach(2)), Is.EqualTo(new[] { 1L }));
        Assert.That(_stream.Incarnation, Is.EqualTo(2));
    }

    [Test]
    public void Batches_above_the_limit_of_held_batches_are_dropped_and_leave_a_sequence_gap()
    {
        for (var i = 1; i <= BatchStream.MaxHeld + 1; i++)
            _stream.Accept(Batch(i));
        var arrivals = _stream.StartFromAttach(1).Select(_stream.Accept).ToList();
        Assert.That(arrivals, Has.Count.EqualTo(BatchStream.MaxHeld).And.All.EqualTo(Arrival.InOrder));
        Assert.That(_stream.Accept(Batch(BatchStream.MaxHeld + 2)), Is.EqualTo(Arrival.Early));
    }

    private static ChannelEventBatch Batch(long sequence, long incarnation = 1) => new(Lobby, incarnation, sequence, []);

    private static IEnumerable<long> Sequences(IEnumerable<ChannelEventBatch> batches) => batches.Select(batch => batch.Sequence);
}
