using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoomEventQueueTests
{
    private static readonly RoomKey Lobby = new("lobby", 1);
    private static readonly HashSet<string> Nobody = [];

    private readonly RoomEventQueue _queue = new(new ControlMetrics(new TestMeters()));

    [Test]
    public void Changes_come_in_their_order_and_before_tickets()
    {
        Write(Ticket(1, 1), Of(RoomEventKind.Connected, 1), Of(RoomEventKind.Closed, 2), Of(RoomEventKind.Quality, 3));
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Closed 2", "Ticket 1 v1", "Quality 3" }));
    }

    [Test]
    public void Of_an_endpoints_tickets_only_the_newest_is_sent()
    {
        Write(Ticket(1, 1), Ticket(1, 2));
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [Test]
    public void A_ticket_is_sent_again_on_each_stream_until_it_is_kept()
    {
        Write(Ticket(1, 1));
        var batch = _queue.Take(10)!;
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v1" }));

        _queue.Keep(Nobody);
        Assert.That(batch.Tickets[0].Ticket!.Receipt.Kept, Is.EqualTo(1));
        _queue.StartOver();
        Assert.That(Drain(), Is.Empty);
    }

    [Test]
    public void Keeping_an_older_ticket_leaves_the_newer_to_be_kept()
    {
        Write(Ticket(1, 1));
        _queue.Take(10);
        Write(Ticket(1, 2));
        Assert.That(_queue.Take(10)!.Tickets, Has.Count.EqualTo(1));
        _queue.Keep(Nobody);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [Test]
    public void A_stream_that_broke_never_brings_back_what_is_superseded()
    {
        Write(Ticket(1, 1));
        _queue.Take(10);
        Write(Ticket(1, 2));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Ticket 1 v2" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_ticket_of_an_endpoint_that_closed_is_not_sent_any_more(bool sent)
    {
        Write(Ticket(1, 1));
        if (sent)
            _queue.Take(10);
        Write(Of(RoomEventKind.Closed, 1));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Closed 1" }));
    }

    [Test]
    public void What_was_not_written_comes_first_on_the_next_stream()
    {
        Write(Of(RoomEventKind.Connected, 1), Ticket(1, 1), Of(RoomEventKind.Quality, 1));
        _queue.Take(10);
        Write(Of(RoomEventKind.Closed, 2));
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Closed 2", "Ticket 1 v1", "Quality 1" }));
    }

    [Test]
    public void What_was_sent_and_not_acknowledged_comes_again_in_its_order_on_the_next_stream()
    {
        Write(Of(RoomEventKind.Connected, 1), Of(RoomEventKind.Connected, 2));
        _queue.Take(1);
        _queue.Take(1);
        Write(Of(RoomEventKind.LinkLost, 0));
        _queue.Keep(Nobody);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 2", "LinkLost 0" }));
    }

    [Test]
    public void What_a_channel_missed_comes_again_and_wakes_nobody()
    {
        var other = new RoomKey("attic", 1);
        Write(Of(RoomEventKind.Connected, 1), new RoomEvent(other, RoomEventKind.Connected, 2), Ticket(1, 1), Of(RoomEventKind.Quality, 1));
        var batch = _queue.Take(10)!;
        _queue.Keep(new HashSet<string> { "lobby" });

        Assert.That(batch.Tickets[0].Ticket!.Receipt.Kept, Is.Zero, "its node must not rely on it");
        Assert.That(_queue.WaitAsync(CancellationToken.None).IsCompleted, Is.False, "a channel that cannot be told is not asked without a pause");
        Assert.That(Drain(), Is.EqualTo(new[] { "Connected 1", "Ticket 1 v1", "Quality 1" }));
    }

    [Test]
    public void What_a_channel_missed_is_not_told_when_something_newer_has_taken_its_place()
    {
        Write(Ticket(1, 1), Of(RoomEventKind.DominantSpeaker, 1), Ticket(2, 1));
        _queue.Take(10);
        Write(Ticket(1, 2), Of(RoomEventKind.DominantSpeaker, 3), Of(RoomEventKind.Closed, 2));
        _queue.Keep(new HashSet<string> { "lobby" });
        Assert.That(Drain(), Is.EqualTo(new[] { "Closed 2", "Ticket 1 v2", "DominantSpeaker 3" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_endpoints_old_news_is_not_told_behind_newer_news_of_it(bool sent)
    {
        Write(Of(RoomEventKind.Closed, 5), Of(RoomEventKind.Connected, 6));
        _queue.Take(10);
        Write(Of(RoomEventKind.Connected, 5), Of(RoomEventKind.Connected, 7));
        if (sent)
            _queue.Take(10);
        _queue.Keep(new HashSet<string> { "lobby" });
        Assert.That(Drain(), Is.EqualTo(sent ? ["Connected 6"] : new[] { "Connected 6", "Connected 5", "Connected 7" }));
    }

    [Test]
    public void Speakers_and_qualities_that_were_sent_and_not_acknowledged_come_again_and_the_newest_of_them()
    {
        Write(Of(RoomEventKind.DominantSpeaker, 1), Of(RoomEventKind.Quality, 9));
        _queue.Take(10);
        Write(Of(RoomEventKind.DominantSpeaker, 2));
        _queue.Take(10);
        _queue.StartOver();
        Assert.That(Drain(), Is.EqualTo(new[] { "DominantSpeaker 2", "Quality 9" }));
    }

    [Test]
    public void Speakers_and_qualities_are_replaced()
    {
        for (uint number = 1; number <= 3; number++)
            Write(Of(RoomEventKind.DominantSpeaker, number), Of(RoomEventKind.Quality, 9));
        Assert.That(Drain(), Is.EqualTo(new[] { "DominantSpeaker 3", "Quality 9" }));
    }

    [Test]
    public void Too_much_is_never_a_ticket_or_a_closed()
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
        var told = Drain();
        Assert.That(told.Count(what => what.StartsWith("Closed", StringComparison.Ordinal)), Is.EqualTo(TooMany));
        Assert.That(told.Count(what => what.StartsWith("Ticket", StringComparison.Ordinal)), Is.EqualTo(TooMany));
    }

    [Test]
    public void It_wakes_who_waits_for_as_long_as_something_is_left()
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
        var told = new List<string>();
        while (_queue.Take(256) is { } batch)
            told.AddRange(batch.Changes.Concat(batch.Tickets).Concat(batch.Latest).Select(item => $"{item.Kind} {item.Number}{(item.Ticket is { } ticket ? $" v{ticket.Version}" : "")}"));
        return told;
    }

    private static RoomEvent Of(RoomEventKind kind, uint number) => new(Lobby, kind, number);

    private static RoomEvent Ticket(uint number, ulong version) =>
        new(Lobby, RoomEventKind.Ticket, number) { Ticket = new IssuedTicket("ufrag", [1], "AF", version, [1], new TicketReceipt()) };
}
