using System.Collections.Concurrent;
using System.Text;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Transport;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging;

namespace Hype.MediaNode.Tests.Tickets;

/// <summary>Tests that keys and passwords never reach a log, neither by a log message nor by a printed object.</summary>
public sealed class SecrecyTests
{
    [Test]
    public void ToString_of_an_object_with_secrets_does_not_contain_the_secrets()
    {
        using var ticket = SampleTicket.New();
        var bytes = TransportTickets.Seal(ticket);
        var issued = new IssuedTicket("ufrag7", [new Ssrc(1)], "AA", 1, bytes, new TicketReceipt());
        using var sender = new SrtpSender(ticket.Keys.Profile, ticket.Keys.Parts.ServerKey, ticket.Keys.Parts.ServerSalt);
        using var receiver = new SrtpReceiver(ticket.Keys.Profile, ticket.Keys.Parts.ClientKey, ticket.Keys.Parts.ClientSalt);
        using var portable = new PortableTransport(ticket.Keys.Copy(), sender, receiver, ticket.PeerFingerprint, ticket.NodeFingerprint)
        {
            FirstVersion = 1,
            Sent = [],
        };
        object[] holders =
        [
            ticket, ticket.Keys, ticket.Ice, issued, portable, new EndpointSpec(
                new MemberNumber(1), ticket, true, true), new IceLite(ticket.Ice),
            sender, receiver,
            new RoomEvent(WorkerBench.Room, RoomEventKind.Ticket, new MemberNumber(1)) { Ticket = issued },
        ];

        foreach (var holder in holders)
            AssertTellsNothing(holder.ToString()!, ticket);
    }

    [Test]
    public void Log_of_a_node_that_revives_an_endpoint_from_a_ticket_contains_no_secret()
    {
        var log = new CapturingLogger();
        using var old = new WorkerBench(portable: true, logger: log);
        using var next = new WorkerBench(portable: true, time: old.Time, logger: log);
        var peer = old.Connect(1);
        using var ticket = WorkerBench.Read(old.Ticket(1));
        next.Revive(1, old.Ticket(1));
        // A failure is logged with the whole message of its exception.
        next.Network.Socket.Deliver = (_, _) => throw new InvalidOperationException(
            $"{old.Ticket(1)} {ticket} {ticket.Keys} {ticket.Ice}");
        next.Network.Socket.Arrive(peer.CheckRequest(), peer.Address);

        // The worker's own loop, for one turn: it logs the turn's exception.
        next.Network.Socket.Waited = next.Worker.Stop;
        next.Worker.Run();

        Assert.That(log.Lines, Is.Not.Empty, "something was logged");
        AssertTellsNothing(string.Join('\n', log.Lines), ticket);
    }

    private static void AssertTellsNothing(string text, TransportTicket ticket)
    {
        var parts = ticket.Keys.Parts;
        Assert.That(text, Does.Not.Contain(SampleTicket.Pwd).And.Not.Contain(Encoding.ASCII.GetString(ticket.Ice.Pwd)));
        byte[][] secrets = [parts.ClientKey.ToArray(), parts.ServerKey.ToArray(), parts.ClientSalt.ToArray(), parts.ServerSalt.ToArray()];
        foreach (var secret in secrets)
        {
            Assert.That(text, Does.Not.Contain(Convert.ToHexString(secret)).IgnoreCase);
            Assert.That(text, Does.Not.Contain(Convert.ToBase64String(secret)));
            Assert.That(text, Does.Not.Contain(string.Join(", ", secret)));
        }
    }

    private sealed class CapturingLogger : ILogger<MediaWorker>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
