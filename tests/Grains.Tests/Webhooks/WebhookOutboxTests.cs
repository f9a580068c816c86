using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>What waits for the receiver, in which order, and what is dropped when too much waits.</summary>
public sealed class WebhookOutboxTests
{
    private const int Most = 4;

    private WebhookOutboxState _state = null!;
    private WebhookOutbox _outbox = null!;

    [SetUp]
    public void Begin()
    {
        _state = new WebhookOutboxState();
        _outbox = new WebhookOutbox(_state, Most);
    }

    [Test]
    public void A_batch_is_the_same_until_it_is_acknowledged()
    {
        Add(1, 2);
        var first = _outbox.Next(10)!;
        Add(3);

        Assert.That(_outbox.Next(10)!.Id, Is.EqualTo(first.Id).And.EqualTo("lobby/1..lobby/2"));
        _outbox.Acknowledge(first);
        Assert.That(_outbox.Next(10)!.Id, Is.EqualTo("lobby/3"));
    }

    [Test]
    public void What_comes_twice_waits_once()
    {
        Add(1, 2);
        Add(2, 3);
        Assert.That(Ids(_outbox.Next(10)!), Is.EqualTo(new[] { "lobby/1", "lobby/2", "lobby/3" }));
    }

    [Test]
    public void Above_the_bound_the_oldest_go_and_the_receiver_hears_how_many()
    {
        Add(1, 2, 3);
        Assert.That(Add(4, 5, 6), Is.EqualTo(2));

        var batch = _outbox.Next(10)!;
        Assert.That(Ids(batch), Is.EqualTo(new[] { "lobby/3", "lobby/4", "lobby/5", "lobby/6" }));
        Assert.That(batch.Lost, Is.EqualTo(2));
        _outbox.Acknowledge(batch);
        Add(7);
        Assert.That(_outbox.Next(10)!.Lost, Is.Zero, "it has been told");
    }

    [Test]
    public void What_is_on_its_way_is_not_dropped()
    {
        Add(1, 2);
        var batch = _outbox.Next(2)!;
        Add(3, 4, 5, 6);

        Assert.That(_outbox.Count, Is.EqualTo(Most));
        _outbox.Acknowledge(batch);
        var next = _outbox.Next(10)!;
        Assert.That(Ids(next), Is.EqualTo(new[] { "lobby/5", "lobby/6" }));
        Assert.That(next.Lost, Is.EqualTo(2));
    }

    [Test]
    public void It_goes_on_from_what_was_stored()
    {
        Add(1, 2, 3, 4, 5);
        _outbox.Next(2);
        var next = new WebhookOutbox(_state, Most).Next(10)!;
        Assert.That(Ids(next), Is.EqualTo(new[] { "lobby/2", "lobby/3", "lobby/4", "lobby/5" }));
        Assert.That(next.Lost, Is.EqualTo(1));
    }

    private int Add(params int[] numbers) => _outbox.Add(numbers.Select(number => new WebhookEvent($"lobby/{number}", "{}", number)));

    private static IEnumerable<string> Ids(WebhookBatch batch) => batch.Events.Select(happened => happened.Id);
}
