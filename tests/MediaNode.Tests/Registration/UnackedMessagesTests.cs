using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnackedMessagesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ControlContact _contact;
    private readonly UnackedMessages _sent;

    public UnackedMessagesTests()
    {
        _contact = new ControlContact(_time);
        _sent = new UnackedMessages(_contact, new RoomEventQueue(new ControlMetrics(new TestMeters())), Timeout.InfiniteTimeSpan);
    }

    [Test]
    public void Age_of_the_control_plane_contact_counts_from_the_sending_time_of_the_acknowledged_message()
    {
        _sent.Add();
        var sentAt = _contact.Now;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_sent.TryAcknowledge(1, []));
        Assert.That(_contact.IsFresh(sentAt + ControlContact.Fresh));
        Assert.That(_contact.IsFresh(sentAt + ControlContact.Fresh + 1), Is.False);
    }

    [Test]
    public void Control_plane_contact_stays_fresh_while_acknowledgements_are_at_most_five_seconds_apart()
    {
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.Zero), "no acknowledgement yet");
        for (var second = 0; second < 20; second += 4)
        {
            _sent.Add();
            _sent.TryAcknowledge(_sent.Acknowledged + 1, []);
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.FromSeconds(20)));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.Zero), "six seconds of silence");
        _sent.Add();
        _sent.TryAcknowledge(_sent.Acknowledged + 1, []);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_contact.FreshFor(_contact.Now), Is.EqualTo(TimeSpan.FromSeconds(1)), "the time since the silence");
    }

    [Test]
    public void Acknowledgement_covers_all_earlier_messages()
    {
        _sent.Add();
        _sent.Add();
        _sent.Add();
        Assert.That(_sent.TryAcknowledge(2, []));
        Assert.That(_sent.TryAcknowledge(1, []), "a late acknowledgement of an earlier message is accepted");
        Assert.That(_sent.Acknowledged, Is.EqualTo(2));
    }

    [Test]
    public void Acknowledgement_of_an_unsent_message_is_refused()
    {
        _sent.Add();
        Assert.That(_sent.TryAcknowledge(2, []), Is.False);
        Assert.That(_contact.IsFresh(_contact.Now), Is.False);
    }

    [Test]
    public async Task Acknowledgement_timeout_counts_from_the_oldest_unacknowledged_message()
    {
        // Each acknowledgement is a little later than the one before: the gateway is slower than this node sends.
        using var sent = new UnackedMessages(_contact, new RoomEventQueue(new ControlMetrics(new TestMeters())), TimeSpan.FromSeconds(2));
        sent.Add();
        sent.Add();
        _time.Advance(TimeSpan.FromSeconds(3));
        sent.TryAcknowledge(1, []);
        var overdue = new TaskCompletionSource();
        await using var registration = sent.Overdue.Register(overdue.SetResult);
        await overdue.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public void Number_of_unacknowledged_messages_is_bounded()
    {
        Assert.That(AddForever, Throws.InvalidOperationException);

        void AddForever()
        {
            while (true)
                _sent.Add();
        }
    }
}
