using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Cascade;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests that a failing endpoint is closed, and that the timers of all other endpoints continue.</summary>
public sealed class TimerFailureTests
{
    private const uint Faulty = 1;

    [Test]
    public void Endpoint_that_throws_in_a_timer_is_closed_and_the_timers_of_others_continue()
    {
        using var bench = new WorkerBench();
        var faulty = bench.Connect(Faulty);
        var others = bench.Connect([2, 3]);
        bench.Frame(1, others);
        foreach (var other in others)
            other.Reports.Clear();
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
            bench.Network.Deliver(datagram, to);
        };

        bench.Advance(TimeSpan.FromSeconds(40), () =>
        {
            foreach (var other in others)
                other.Check();
        });

        Assert.That(bench.ClosedBecause(Faulty), Is.EqualTo(CloseReason.Failed));
        Assert.That(others.Select(other => other.Reports.Count), Is.All.GreaterThan(15), "one RTCP report every 2 s");
        Assert.That(others.Select(other => bench.IsConnected(other.Number)), Is.All.True);
        Assert.That(bench.Worker.Counters.TimerFailures, Is.GreaterThanOrEqualTo(1));
        Assert.That(bench.Worker.Counters.Endpoints, Is.EqualTo(2));
    }

    [Test]
    public void Consent_of_a_vanished_member_expires_although_another_endpoint_throws()
    {
        using var bench = new WorkerBench();
        var faulty = bench.Connect(Faulty);
        bench.Connect(2).Leave();
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
        };

        bench.Advance(TimeSpan.FromSeconds(35));

        Assert.That(bench.ClosedBecause(2), Is.EqualTo(CloseReason.ConsentExpired));
    }

    [Test]
    public void Room_that_throws_in_a_timer_is_closed_once_with_all_its_members()
    {
        var log = new CountingLogger();
        using var bench = new WorkerBench(failsFor: RoomEventKind.DominantSpeaker, logger: log);
        var (first, second) = (bench.Connect(1), bench.Connect(2));
        var other = new RoomKey("other", new RoomEpoch(1));
        bench.Open(other);
        var listener = bench.Connect(3, room: other);

        bench.Advance(TimeSpan.FromSeconds(10), () =>
        {
            first.Say(1);
            listener.Check();
        });

        Assert.That((bench.ClosedBecause(1), bench.ClosedBecause(2)), Is.EqualTo((CloseReason.Failed, CloseReason.Failed)));
        Assert.That(bench.IsConnected(3), Is.True);
        Assert.That(bench.Worker.Counters.Rooms, Is.EqualTo(1));
        Assert.That(bench.Worker.Counters.TimerFailures, Is.EqualTo(1));
        Assert.That(log.Errors, Is.EqualTo(1));
        Assert.That(bench.Worker.AddEndpoint(WorkerBench.Room, WorkerBench.Spec(4, 3)), Is.EqualTo(CommandResult.UnknownRoom));
        bench.Worker.CloseRoom(other);
    }

    [Test]
    public void Link_that_throws_in_a_timer_is_removed_and_the_members_of_the_room_stay()
    {
        using var bench = new CascadeBench(rooms: 2);
        var room = bench.Rooms[0];
        room.Connect(1);
        var deliver = room.Network.Socket.Deliver;
        room.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == CascadeBench.AddressOf(1))
                throw new InvalidOperationException("the link's fault");
            deliver(datagram, to);
        };

        room.Advance(TimeSpan.FromSeconds(10));

        Assert.That(room.Worker.ListLinks(WorkerBench.Room), Is.Empty);
        Assert.That(room.IsConnected(1), Is.True);
        Assert.That(room.Worker.Counters.TimerFailures, Is.EqualTo(1));
    }

    [Test]
    public void Datagram_that_throws_is_dropped_and_the_rest_of_its_batch_is_handled()
    {
        using var bench = new WorkerBench();
        var (speaker, listener, faulty) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
            bench.Network.Deliver(datagram, to);
        };

        faulty.Check();
        bench.Frame(7, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 7 }));
        Assert.That(bench.Drops[DropReason.Failed], Is.GreaterThanOrEqualTo(1));
        bench.Network.Socket.Deliver = bench.Network.Deliver;
    }

    private sealed class CountingLogger : ILogger<MediaWorker>
    {
        public int Errors { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors += logLevel == LogLevel.Error ? 1 : 0;
    }
}
