using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SentMessagesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ControlContact _contact;
    private readonly SentMessages _sent;

    public SentMessagesTests()
    {
        _contact = new ControlContact(_time);
        _sent = new SentMessages(_contact, new RoomEventQueue(new ControlMetrics(new TestMeters())), Timeout.InfiniteTimeSpan);
    }

    [Test]
    public void The_node_was_heard_when_it_sent_and_not_when_it_was_answered()
    {
        _sent.Add();
        var sentAt = _contact.Now;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_sent.TryKeep(1, []));
        Assert.That(_contact.IsFresh(sentAt + ControlContact.Fresh));
        Assert.That(_contact.IsFresh(sentAt + ControlContact.Fresh + 1), Is.False);
    }

    [Test]
    public void It_is_heard_for_as_long_as_no_answer_came_later_than_five_seconds_after_the_one_before()
    {
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.Zero), "nobody has heard it yet");
        for (var second = 0; second < 20; second += 4)
        {
            _sent.Add();
            _sent.TryKeep(_sent.Kept + 1, []);
            _time.Advance(TimeSpan.FromSeconds(4));
        }
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.FromSeconds(20)));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.Zero), "six seconds of silence");
        _sent.Add();
        _sent.TryKeep(_sent.Kept + 1, []);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.FromSeconds(1)), "counted anew");
    }

    [Test]
    public void One_acknowledgement_counts_for_all_before_it()
    {
        _sent.Add();
        _sent.Add();
        _sent.Add();
        Assert.That(_sent.TryKeep(2, []));
        Assert.That(_sent.TryKeep(1, []), "late, and nothing new");
        Assert.That(_sent.Kept, Is.EqualTo(2));
    }

    [Test]
    public void What_was_never_sent_cannot_be_acknowledged()
    {
        _sent.Add();
        Assert.That(_sent.TryKeep(2, []), Is.False);
        Assert.That(_contact.IsFresh(_contact.Now), Is.False);
    }

    [Test]
    public async Task Patience_is_counted_from_the_oldest_message_that_is_owed()
    {
        // Answers that each come a little later than the one before: the gateway is slower than this node talks.
        using var sent = new SentMessages(_contact, new RoomEventQueue(new ControlMetrics(new TestMeters())), TimeSpan.FromSeconds(2));
        sent.Add();
        sent.Add();
        _time.Advance(TimeSpan.FromSeconds(3));
        sent.TryKeep(1, []);
        var overdue = new TaskCompletionSource();
        await using var registration = sent.Overdue.Register(overdue.SetResult);
        await overdue.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public void A_gateway_that_acknowledges_nothing_costs_no_memory_without_end() =>
        Assert.That(() => { while (true) _sent.Add(); }, Throws.InvalidOperationException);
}
