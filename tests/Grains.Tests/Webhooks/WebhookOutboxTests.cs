using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the queue of events that wait for a receiver: their order, and the events that a full outbox drops.</summary>
public sealed class WebhookOutboxTests
{
    private const int Capacity = 4;

    private WebhookOutboxState _state = null!;
    private WebhookOutbox _outbox = null!;

    [SetUp]
    public void CreateOutbox()
    {
        _state = new WebhookOutboxState();
        _outbox = new WebhookOutbox(_state, Capacity);
    }

    [Test]
    public void Next_returns_the_same_batch_until_the_batch_is_acknowledged()
    {
        Add(1, 2);
        var first = _outbox.Next(10)!;
        Add(3);

        Assert.That(_outbox.Next(10)!.Id, Is.EqualTo(first.Id).And.EqualTo("lobby/1..lobby/2"));
        _outbox.Acknowledge(first);
        Assert.That(_outbox.Next(10)!.Id, Is.EqualTo("lobby/3"));
    }

    [Test]
    public void Event_that_is_added_twice_is_queued_once()
    {
        Add(1, 2);
        Add(2, 3);
        Assert.That(Ids(_outbox.Next(10)!), Is.EqualTo(new[] { "lobby/1", "lobby/2", "lobby/3" }));
    }

    [Test]
    public void Full_outbox_drops_the_oldest_events_and_reports_their_number()
    {
        Add(1, 2, 3);
        Assert.That(Add(4, 5, 6), Is.EqualTo(2));

        var batch = _outbox.Next(10)!;
        Assert.That(Ids(batch), Is.EqualTo(new[] { "lobby/3", "lobby/4", "lobby/5", "lobby/6" }));
        Assert.That(batch.Lost, Is.EqualTo(2));
        _outbox.Acknowledge(batch);
        Add(7);
        Assert.That(_outbox.Next(10)!.Lost, Is.Zero, "the receiver knows the number");
    }

    [Test]
    public void Full_outbox_drops_events_of_the_busiest_channel_alone()
    {
        _outbox.Add([Event("quiet/room/1"), Event("other/1")]);
        Assert.That(_outbox.Add(Enumerable.Range(1, 50).Select(number => Event($"busy/{number}"))), Is.EqualTo(48));
        Assert.That(Ids(_outbox.Next(10)!), Is.EqualTo(new[] { "quiet/room/1", "other/1", "busy/49", "busy/50" }));
    }

    [Test]
    public void Batch_that_the_receiver_objects_to_is_halved_and_grows_again_by_one_event()
    {
        Add(1, 2, 3, 4);
        _outbox.Next(10);
        Assert.That(_outbox.TryHalve(), Is.True);
        var half = _outbox.Next(10)!;
        Assert.That(Ids(half), Is.EqualTo(new[] { "lobby/1", "lobby/2" }));
        _outbox.Acknowledge(half);
        Add(5, 6);
        Assert.That(Ids(_outbox.Next(10)!), Is.EqualTo(new[] { "lobby/3", "lobby/4", "lobby/5" }));
    }

    [Test]
    public void Single_event_is_not_halved_and_can_be_given_up()
    {
        Add(1, 2);
        _outbox.Next(1);
        Assert.That(_outbox.TryHalve(), Is.False);
        Assert.That(_outbox.GiveUp().Id, Is.EqualTo("lobby/1"));
        var next = _outbox.Next(10)!;
        Assert.That((Ids(next), next.Lost), Is.EqualTo((new[] { "lobby/2" }, 1)));
    }

    [Test]
    public void Time_of_the_oldest_event_is_that_of_the_first_waiting_one()
    {
        Assert.That(_outbox.OldestAt, Is.Null);
        _outbox.Add([Event("lobby/1") with { Json = """{"at":"2026-11-27T02:13:10.612+00:00"}""" }]);
        Assert.That(_outbox.OldestAt, Is.EqualTo(new DateTimeOffset(2026, 11, 27, 2, 13, 10, 612, TimeSpan.Zero)));
    }

    [Test]
    public void Unacknowledged_batch_is_not_dropped_when_the_outbox_is_full()
    {
        Add(1, 2);
        var batch = _outbox.Next(2)!;
        Add(3, 4, 5, 6);

        Assert.That(_outbox.Count, Is.EqualTo(Capacity));
        _outbox.Acknowledge(batch);
        var next = _outbox.Next(10)!;
        Assert.That(Ids(next), Is.EqualTo(new[] { "lobby/5", "lobby/6" }));
        Assert.That(next.Lost, Is.EqualTo(2));
    }

    [Test]
    public void Outbox_created_from_the_stored_state_returns_the_stored_events_and_the_lost_count()
    {
        Add(1, 2, 3, 4, 5);
        _outbox.Next(2);
        var next = new WebhookOutbox(_state, Capacity).Next(10)!;
        Assert.That(Ids(next), Is.EqualTo(new[] { "lobby/2", "lobby/3", "lobby/4", "lobby/5" }));
        Assert.That(next.Lost, Is.EqualTo(1));
    }

    private int Add(params int[] numbers) => _outbox.Add(numbers.Select(number => new WebhookEvent($"lobby/{number}", "{}", number)));

    private static WebhookEvent Event(string id) => new(id, "{}");

    private static IEnumerable<string> Ids(WebhookBatch batch) => batch.Events.Select(webhookEvent => webhookEvent.Id);
}
