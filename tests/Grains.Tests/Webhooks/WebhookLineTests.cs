using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>When a channel's events leave for the outbox, and what its next life tells of them.</summary>
public sealed class WebhookLineTests
{
    private const int Most = 4;

    private WebhookLine _line = null!;

    [SetUp]
    public void Begin() => _line = new WebhookLine("default", before: null, over: null, Most);

    [Test]
    public void Nothing_leaves_before_it_is_stored()
    {
        Add(2);
        Assert.That(_line.Next(10), Is.Null);

        var stored = _line.Untold;
        Add(1);
        _line.Stored(stored, over: false);
        Assert.That(Tell(_line.Next(10)), Is.EqualTo("1 2"));
    }

    [Test]
    public void An_append_is_the_same_until_it_is_acknowledged()
    {
        Add(2);
        _line.Stored(_line.Untold, over: false);
        var first = _line.Next(1)!;
        Assert.That(Tell(_line.Next(1)), Is.EqualTo(Tell(first)).And.EqualTo("1"));

        _line.Acknowledge(first);
        Assert.That(Tell(_line.Next(1)), Is.EqualTo("2"));
    }

    [Test]
    public void A_life_after_this_one_tells_what_was_stored_and_counts_on()
    {
        Add(2);
        var stored = _line.Untold;
        Add(1);

        _line = new WebhookLine("default", stored, over: false, Most);
        Assert.That(Tell(_line.Next(10)), Is.EqualTo("1 2"), "the third was lost with its decision");
        Add(1);
        Assert.That(_line.Untold.LastSequence, Is.EqualTo(3), "and nobody misses its number");
    }

    [Test]
    public void What_was_acknowledged_is_not_stored_again()
    {
        Add(2);
        _line.Stored(_line.Untold, over: true);
        _line.Acknowledge(_line.Next(10)!);

        Assert.That(_line.Untold.Events, Is.Empty);
        Assert.That(_line.Untold.LastSequence, Is.EqualTo(2));
    }

    [Test]
    public void The_last_event_of_an_empty_channel_says_that_it_is_over()
    {
        Add(1);
        _line.Stored(_line.Untold, over: false);
        Acknowledge("1");

        Add(2);
        _line.Stored(_line.Untold, over: true);
        var first = _line.Next(1)!;
        Assert.That(Tell(first), Is.EqualTo("2"), "there is one more");
        _line.Acknowledge(first);
        Acknowledge("3 over");
        Assert.That(_line.Next(10), Is.Null);
    }

    [Test]
    public void It_is_said_without_an_event_too()
    {
        Add(1);
        _line.Stored(_line.Untold, over: false);
        Acknowledge("1");
        // Somebody left, which this receiver does not want to know.
        _line.Stored(_line.Untold, over: true);
        Acknowledge(" over");
        Assert.That(_line.Next(10), Is.Null);
    }

    [Test]
    public void A_life_does_not_know_what_the_one_before_has_said()
    {
        _line = new WebhookLine("default", _line.Untold, over: true, Most);
        Acknowledge(" over");
        Assert.That(_line.Next(10), Is.Null);
    }

    [Test]
    public void A_channel_that_was_never_stored_has_nothing_to_say() => Assert.That(_line.Next(10), Is.Null);

    [Test]
    public void Above_the_bound_the_oldest_that_are_not_on_their_way_go()
    {
        Add(2);
        _line.Stored(_line.Untold, over: false);
        var first = _line.Next(1)!;
        Assert.That(Add(4), Is.EqualTo(2));

        _line.Acknowledge(first);
        _line.Stored(_line.Untold, over: false);
        Assert.That(Tell(_line.Next(10)), Is.EqualTo("4 5 6"), "and the gap shows");
    }

    private int Add(int count) => Enumerable.Range(0, count).Sum(_ => _line.Add(sequence => new WebhookEvent($"lobby/{sequence}", "{}", sequence)));

    private void Acknowledge(string expected)
    {
        var append = _line.Next(10);
        Assert.That(Tell(append), Is.EqualTo(expected));
        _line.Acknowledge(append!);
    }

    private static string? Tell(WebhookAppend? append) => append is null ? null : string.Join(' ', append.Events.Select(happened => happened.Sequence)) + (append.Over ? " over" : "");
}
