using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests when a channel sends its events to the outbox, and which events the next activation sends.</summary>
public sealed class WebhookQueueTests
{
    private const int Capacity = 4;

    private WebhookQueue _queue = null!;

    [SetUp]
    public void CreateQueue() => _queue = new WebhookQueue("default", stored: null, empty: null, Capacity);

    [Test]
    public void Events_are_sent_only_after_the_channel_has_stored_them()
    {
        Add(2);
        Assert.That(_queue.Next(10), Is.Null);

        var stored = _queue.Unsent;
        Add(1);
        _queue.OnStored(stored, empty: false);
        Assert.That(Text(_queue.Next(10)), Is.EqualTo("1 2"));
    }

    [Test]
    public void Next_returns_the_same_outbox_call_until_the_call_is_acknowledged()
    {
        Add(2);
        Store(empty: false);
        var first = _queue.Next(1)!;
        Assert.That(Text(_queue.Next(1)), Is.EqualTo(Text(first)).And.EqualTo("1"));

        _queue.Acknowledge(first);
        Assert.That(Text(_queue.Next(1)), Is.EqualTo("2"));
    }

    [Test]
    public void Queue_restored_by_the_next_activation_sends_stored_events_and_continues_the_numbers()
    {
        Add(2);
        var stored = _queue.Unsent;
        Add(1);

        _queue = new WebhookQueue("default", stored, empty: false, Capacity);
        Assert.That(Text(_queue.Next(10)), Is.EqualTo("1 2"), "the third event was lost with its decision");
        Add(1);
        Assert.That(_queue.Unsent.LastSequence, Is.EqualTo(3), "the receiver sees no gap");
    }

    [Test]
    public void Acknowledged_events_are_not_stored_again()
    {
        Add(2);
        Store(empty: true);
        _queue.Acknowledge(_queue.Next(10)!);

        Assert.That(_queue.Unsent.Events, Is.Empty);
        Assert.That(_queue.Unsent.LastSequence, Is.EqualTo(2));
    }

    [Test]
    public void Only_the_last_outbox_call_of_an_empty_channel_is_marked_final()
    {
        Add(1);
        Store(empty: false);
        Acknowledge("1");

        Add(2);
        Store(empty: true);
        var first = _queue.Next(1)!;
        Assert.That(Text(first), Is.EqualTo("2"), "there is one more event");
        _queue.Acknowledge(first);
        Acknowledge("3 final");
        Assert.That(_queue.Next(10), Is.Null);
    }

    [Test]
    public void Empty_channel_without_unsent_events_makes_a_final_outbox_call()
    {
        Add(1);
        Store(empty: false);
        Acknowledge("1");
        // A member left, and the receiver does not want that event.
        Store(empty: true);
        Acknowledge(" final");
        Assert.That(_queue.Next(10), Is.Null);
    }

    [Test]
    public void Next_activation_of_an_empty_channel_repeats_the_final_outbox_call()
    {
        _queue = new WebhookQueue("default", _queue.Unsent, empty: true, Capacity);
        Acknowledge(" final");
        Assert.That(_queue.Next(10), Is.Null);
    }

    [Test]
    public void Channel_that_was_never_stored_makes_no_outbox_call() => Assert.That(_queue.Next(10), Is.Null);

    [Test]
    public void Confirmation_of_an_older_state_write_is_ignored()
    {
        var before = _queue.Unsent;
        Add(1);
        Store(empty: false);
        _queue.OnStored(before, empty: true);
        Assert.That(
            Text(_queue.Next(10)), Is.EqualTo("1"), "the write of the newer state is confirmed, and in it the channel has members");
    }

    [Test]
    public void Full_queue_drops_the_oldest_events_except_those_in_the_unacknowledged_call()
    {
        Add(2);
        Store(empty: false);
        var first = _queue.Next(1)!;
        Assert.That(Add(4), Is.EqualTo(2));

        _queue.Acknowledge(first);
        Store(empty: false);
        Assert.That(Text(_queue.Next(10)), Is.EqualTo("4 5 6"), "the receiver sees the gap");
    }

    private int Add(int count) =>
        Enumerable.Range(0, count).Sum(_ => _queue.Add(sequence => new WebhookEvent($"lobby/{sequence}", "{}", sequence)));

    private void Store(bool empty) => _queue.OnStored(_queue.Unsent, empty);

    private void Acknowledge(string expected)
    {
        var append = _queue.Next(10);
        Assert.That(Text(append), Is.EqualTo(expected));
        _queue.Acknowledge(append!);
    }

    private static string? Text(WebhookAppend? append) =>
        append is null
            ? null
            : string.Join(' ', append.Events.Select(webhookEvent => webhookEvent.Sequence)) + (append.Final ? " final" : "");
}
