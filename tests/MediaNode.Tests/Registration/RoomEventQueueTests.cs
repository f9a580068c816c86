using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoomEventQueueTests
{
    private static readonly RoomKey Lobby = new("lobby", new RoomEpoch(1));
    private static readonly HashSet<string> None = [];

    private readonly RoomEventQueue _queue = new(new ControlMetrics(new TestMeters()));

    [Test]
    public void Connected_and_closed_events_are_sent_in_order_and_before_tickets()
    {
        Write(Ticket(1, 1), Of(RoomEventKind.Connected, 1), Of(RoomEventKind.Closed, 2), Of(RoomEventKind.Quality, 3));
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Closed 2", "Ticket 1 v1", "Quality 3" }));
    }

    [Test]
    public void Only_the_newest_ticket_of_an_endpoint_is_sent()
    {
        Write(Ticket(1, 1), Ticket(1, 2));
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [Test]
    public void Ticket_is_sent_on_each_stream_until_it_is_acknowledged()
    {
        Write(Ticket(1, 1));
        var batch = _queue.Take(10)!;
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v1" }));

        _queue.Acknowledge(None);
        Assert.That(batch.Tickets[0].Ticket!.Receipt.Acknowledged, Is.EqualTo(1));
        _queue.StartOver();
        Assert.That(Drain(), Is.Empty);
    }

    [Test]
    public void Acknowledging_an_older_ticket_leaves_the_newer_ticket_unacknowledged()
    {
        Write(Ticket(1, 1));
        _queue.Take(10);
        Write(Ticket(1, 2));
        Assert.That(_queue.Take(10)!.Tickets, Has.Count.EqualTo(1));
        _queue.Acknowledge(None);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [Test]
    public void Ticket_replaced_by_a_newer_ticket_is_not_sent_again_after_a_broken_stream()
    {
        Write(Ticket(1, 1));
        _queue.Take(10);
        Write(Ticket(1, 2));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Ticket_of_a_closed_endpoint_is_no_longer_sent(bool sent)
    {
        Write(Ticket(1, 1));
        if (sent)
            _queue.Take(10);
        Write(Of(RoomEventKind.Closed, 1));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Closed 1" }));
    }

    [Test]
    public void Unacknowledged_events_of_a_broken_stream_precede_later_events_on_the_next_stream()
    {
        Write(Of(RoomEventKind.Connected, 1), Ticket(1, 1), Of(RoomEventKind.Quality, 1));
        _queue.Take(10);
        Write(Of(RoomEventKind.Closed, 2));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Closed 2", "Ticket 1 v1", "Quality 1" }));
    }

    [Test]
    public void Unacknowledged_events_are_sent_again_in_order_on_the_next_stream()
    {
        Write(Of(RoomEventKind.Connected, 1), Of(RoomEventKind.Connected, 2));
        _queue.Take(1);
        _queue.Take(1);
        Write(Of(RoomEventKind.LinkLost, 0));
        _queue.Acknowledge(None);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 2", "LinkLost 0" }));
    }

    [Test]
    public void Events_not_delivered_to_the_channel_grain_are_queued_again_without_waking_the_reader()
    {
        var other = new RoomKey("attic", new RoomEpoch(1));
        Write(
            Of(RoomEventKind.Connected, 1), new RoomEvent(other, RoomEventKind.Connected, new MemberNumber(2)), Ticket(1, 1),
            Of(RoomEventKind.Quality, 1));
        var batch = _queue.Take(10)!;
        _queue.Acknowledge(new HashSet<string> { "lobby" });

        Assert.That(batch.Tickets[0].Ticket!.Receipt.Acknowledged, Is.Zero, "the channel has not received the ticket");
        Assert.That(
            _queue.WaitAsync(CancellationToken.None).IsCompleted, Is.False, "a channel that cannot be notified is retried after a pause");
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Ticket 1 v1", "Quality 1" }));
    }

    [Test]
    public void Event_not_delivered_to_the_channel_grain_is_not_sent_again_if_a_newer_event_is_queued()
    {
        Write(Ticket(1, 1), Of(RoomEventKind.DominantSpeaker, 1), Ticket(2, 1));
        _queue.Take(10);
        Write(Ticket(1, 2), Of(RoomEventKind.DominantSpeaker, 3), Of(RoomEventKind.Closed, 2));
        _queue.Acknowledge(new HashSet<string> { "lobby" });
        Assert.That(Drain(), Is.EqualTo(new[] { "Closed 2", "Ticket 1 v2", "DominantSpeaker 3" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Undelivered_closed_event_is_not_sent_again_after_a_connected_event_of_the_same_endpoint(bool sent)
    {
        Write(Of(RoomEventKind.Closed, 5), Of(RoomEventKind.Connected, 6));
        _queue.Take(10);
        Write(Of(RoomEventKind.Connected, 5), Of(RoomEventKind.Connected, 7));
        if (sent)
            _queue.Take(10);
        _queue.Acknowledge(new HashSet<string> { "lobby" });
        Assert.That(Drain(), Is.EqualTo(sent ? ["Connected 6"] : new[] { "Connected 6", "Connected 5", "Connected 7" }));
    }

    [Test]
    public void Only_the_newest_unacknowledged_dominant_speaker_and_quality_events_are_sent_again()
    {
        Write(Of(RoomEventKind.DominantSpeaker, 1), Of(RoomEventKind.Quality, 9));
        _queue.Take(10);
        Write(Of(RoomEventKind.DominantSpeaker, 2));
        _queue.Take(10);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "DominantSpeaker 2", "Quality 9" }));
    }

    [Test]
    public void Queued_dominant_speaker_and_quality_events_are_replaced_by_newer_events()
    {
        for (uint number = 1; number <= 3; number++)
            Write(Of(RoomEventKind.DominantSpeaker, number), Of(RoomEventKind.Quality, 9));
        Assert.That(Drain(), Is.EqualTo(new[] { "DominantSpeaker 3", "Quality 9" }));
    }

    [Test]
    public void Full_queue_never_drops_a_ticket_or_a_closed_event()
    {
        const int TooMany = 120_000;
        var taken = new Dictionary<RoomEventKind, int>();
        foreach (var kind in new[] { RoomEventKind.Quality, RoomEventKind.Connected, RoomEventKind.Closed })
        {
            for (uint number = 1; number <= TooMany; number++)
                taken[kind] = taken.GetValueOrDefault(kind) + (_queue.TryWrite(Of(kind, number)) ? 1 : 0);
        }

        for (uint number = 1; number <= TooMany; number++)
            Write(Ticket(number, 1));

        Assert.That(taken[RoomEventKind.Quality], Is.EqualTo(10_000));
        Assert.That(taken[RoomEventKind.Connected], Is.EqualTo(100_000));
        var sent = Drain();
        Assert.That(sent.Count(what => what.StartsWith("Closed", StringComparison.Ordinal)), Is.EqualTo(TooMany));
        Assert.That(sent.Count(what => what.StartsWith("Ticket", StringComparison.Ordinal)), Is.EqualTo(TooMany));
    }

    [Test]
    public void Waiting_for_events_completes_at_once_until_the_queue_is_empty()
    {
        Assert.That(_queue.WaitAsync(CancellationToken.None).IsCompleted, Is.False);
        Write(Of(RoomEventKind.Connected, 1), Of(RoomEventKind.Connected, 2));
        Assert.That(_queue.WaitAsync(CancellationToken.None).IsCompleted);
        _queue.Take(1);
        Assert.That(_queue.WaitAsync(CancellationToken.None).IsCompleted);
        _queue.Take(1);
        Assert.That(_queue.WaitAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    private void Write(params RoomEvent[] events)
    {
        foreach (var item in events)
            Assert.That(_queue.TryWrite(item), $"{item.Kind}");
    }

    private List<string> Drain()
    {
        var sent = new List<string>();
        while (_queue.Take(256) is { } batch)
            sent.AddRange(batch.Changes.Concat(batch.Tickets).Concat(batch.Latest).Select(Describe));
        return sent;
    }

    private static RoomEvent Of(RoomEventKind kind, uint number) => new(Lobby, kind, new MemberNumber(number));

    private static RoomEvent Ticket(uint number, ulong version) =>
        new(Lobby, RoomEventKind.Ticket, new MemberNumber(number))
        {
            Ticket = new IssuedTicket("ufrag", [new Ssrc(1)], "AF", version, [1], new TicketReceipt()),
        };

    private static string Describe(RoomEvent item) =>
        $"{item.Kind} {item.Number.Value}{(item.Ticket is { } ticket ? $" v{ticket.Version}" : "")}";
}
