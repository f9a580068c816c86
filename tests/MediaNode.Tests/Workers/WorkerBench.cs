using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>A worker on a fake network and a fake clock, with one room, and peers that the test moves.</summary>
internal sealed class WorkerBench : IDisposable
{
    public static readonly RoomKey Room = new("lobby", 1);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly DtlsContext NodeDtls = SelfSigned.Node.NewContext();
    private static readonly DtlsContext ClientDtls = SelfSigned.Client.NewContext();

    private readonly Channel<RoomEvent> _channel = Channel.CreateUnbounded<RoomEvent>();
    private readonly List<RoomEvent> _events = [];
    private readonly List<TestPeer> _peers = [];
    private readonly MonotonicClock _clock;
    private readonly int _slots;
    private readonly bool _portable;
    private readonly Stopwatch _real = Stopwatch.StartNew();

    /// <param name="portable">Endpoints get tickets.</param>
    /// <param name="time">Shared with another node; null: its own.</param>
    /// <param name="limits">Null: the defaults.</param>
    public WorkerBench(int slots = 3, bool portable = false, FakeTimeProvider? time = null, ILogger<MediaWorker>? logger = null, WorkerLimits? limits = null)
    {
        _slots = slots;
        _portable = portable;
        Time = time ?? new FakeTimeProvider();
        Contact = new ControlContact(Time);
        _clock = new MonotonicClock(Time);
        Worker = new MediaWorker(Network.Socket, _clock, Contact, _channel.Writer, logger ?? NullLogger<MediaWorker>.Instance, limits: limits);
        Assert.That(Worker.OpenRoom(Room, slots, NodeDtls), Is.EqualTo(CommandResult.Done));
    }

    public FakeTimeProvider Time { get; }

    /// <summary>How the node knows that the control plane heard it; here only <see cref="Acknowledge"/> tells it.</summary>
    public ControlContact Contact { get; }

    public FakeNetwork Network { get; } = new();

    public MediaWorker Worker { get; }

    public long Now => _clock.Now;

    public DropCounters Drops => Worker.Counters.Drops;

    public static uint SlotSsrc(uint number, int slot) => (number * 1000) + (uint)slot + 1;

    public static TransportAddress AddressOf(uint number, ushort port = 50_000) =>
        TransportAddress.FromIPv4([10, 0, (byte)(number >> 8), (byte)number], port);

    public static EndpointSpec Spec(uint number, int slots, bool canSpeak = true, bool canListen = true) => new(
        number, Encoding.ASCII.GetBytes(UfragOf(number)), Encoding.ASCII.GetBytes(PwdOf(number)),
        [.. Enumerable.Range(0, slots).Select(slot => SlotSsrc(number, slot))], canSpeak, canListen);

    /// <summary>An endpoint, and the peer that it is for; nothing is sent yet.</summary>
    public TestPeer Add(uint number, bool canSpeak = true, bool canListen = true, DtlsContext? dtls = null)
    {
        Assert.That(Worker.AddEndpoint(Room, Spec(number, _slots, canSpeak, canListen) with { Portable = _portable }), Is.EqualTo(CommandResult.Done));
        var peer = new TestPeer(number, UfragOf(number), PwdOf(number), dtls ?? ClientDtls, Network, AddressOf(number));
        _peers.Add(peer);
        Network.Add(peer);
        return peer;
    }

    public TestPeer Connect(uint number, bool canSpeak = true, bool canListen = true, DtlsContext? dtls = null)
    {
        var peer = Add(number, canSpeak, canListen, dtls);
        peer.Check();
        peer.Greet();
        Turn();
        Answer(peer);
        Assert.That(IsConnected(number), Is.True);
        return peer;
    }

    public TestPeer[] Connect(IEnumerable<uint> numbers) => [.. numbers.Select(number => Connect(number))];

    /// <summary>The control plane hands in the fingerprint of the peer's answer.</summary>
    public void Answer(TestPeer peer, byte[]? fingerprint = null)
    {
        Assert.That(Worker.AcceptAnswer(Room, peer.Number, "sha-256", fingerprint ?? SelfSigned.Client.Sha256), Is.EqualTo(CommandResult.Done));
    }

    /// <summary>The newest ticket of a participant, as the control plane got it.</summary>
    public IssuedTicket Ticket(uint number) => Tickets(number)[^1];

    public List<IssuedTicket> Tickets(uint number) =>
        [.. Events.Where(happened => happened.Number == number && happened.Kind == RoomEventKind.Ticket).Select(happened => happened.Ticket!)];

    /// <summary>What a ticket says.</summary>
    public static TransportTicket Read(IssuedTicket ticket)
    {
        var content = TransportTickets.TryUnseal(ticket.Sealed, out var refusal);
        Assert.That(content, Is.Not.Null, refusal);
        return content!;
    }

    /// <summary>The control plane says that it has taken in all that was sent by now.</summary>
    public void Acknowledge()
    {
        Contact.Heard(_clock.Now);
        foreach (var happened in Events)
            happened.Ticket?.Receipt.Keep(happened.Ticket.Version);
    }

    /// <summary>An endpoint from a ticket of another node. The peer does not know of it yet.</summary>
    public void Revive(uint number, IssuedTicket ticket)
    {
        using var content = Read(ticket);
        Assert.That(Worker.AddEndpoint(Room, new EndpointSpec(number, content, canSpeak: true, canListen: true) { Portable = true }), Is.EqualTo(CommandResult.Done));
    }

    /// <summary>By the events: all that the control plane knows.</summary>
    public bool IsConnected(uint number) =>
        Events.Where(happened => happened.Number == number && happened.Kind is (RoomEventKind.Connected or RoomEventKind.Closed))
            .Select(happened => (RoomEventKind?)happened.Kind).LastOrDefault() == RoomEventKind.Connected;

    public CloseReason? ClosedBecause(uint number) =>
        Events.Where(happened => happened.Number == number && happened.Kind == RoomEventKind.Closed).Select(happened => (CloseReason?)happened.Reason).SingleOrDefault();

    /// <summary>Turns until nothing is on its way any more.</summary>
    public void Turn()
    {
        do
            Worker.Turn(_clock.Now);
        while (Network.Socket.HasWaiting);
    }

    /// <summary>Time passes, in steps of the worker's timers.</summary>
    public void Advance(TimeSpan time, Action? eachStep = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            eachStep?.Invoke();
            Turn();
        }
    }

    /// <summary>For what waits on a clock that cannot be turned.</summary>
    public void FollowRealTime()
    {
        Time.Advance(_real.Elapsed);
        _real.Restart();
        Turn();
    }

    /// <summary>20 ms in which each of them says the word.</summary>
    public void Frame(int word, params IEnumerable<TestPeer> speakers)
    {
        Time.Advance(TimeSpan.FromMilliseconds(20));
        foreach (var speaker in speakers)
            speaker.Say(word);
        Turn();
    }

    /// <summary>Was it closed since the last call? What else was told is forgotten.</summary>
    public bool ClosedSince(uint number)
    {
        var closed = Events.Exists(happened => happened.Number == number && happened.Kind == RoomEventKind.Closed);
        Events.Clear();
        return closed;
    }

    /// <summary>All that was told to the control plane.</summary>
    public List<RoomEvent> Events
    {
        get
        {
            while (_channel.Reader.TryRead(out var happened))
                _events.Add(happened);
            return _events;
        }
    }

    public void Dispose()
    {
        Worker.CloseRoom(Room);
        foreach (var peer in _peers)
            peer.Dispose();
    }

    private static string UfragOf(uint number) => $"node{number}";

    private static string PwdOf(uint number) => $"a-password-of-22-chars{number}".Replace('-', '+');
}
