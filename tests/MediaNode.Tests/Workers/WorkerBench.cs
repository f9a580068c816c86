using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>A test bench with one worker on a fake network and a fake clock, with one room, and peers that the test controls.</summary>
internal sealed class WorkerBench : IDisposable
{
    public static readonly RoomKey Room = new("lobby", new RoomEpoch(1));

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
    /// <param name="failsFor">The kind of event whose report throws; null: none.</param>
    public WorkerBench(
        int slots = 3, bool portable = false, FakeTimeProvider? time = null, ILogger<MediaWorker>? logger = null,
        WorkerLimits? limits = null, RoomEventKind? failsFor = null)
    {
        _slots = slots;
        _portable = portable;
        Time = time ?? new FakeTimeProvider();
        Contact = new ControlContact(Time);
        _clock = new MonotonicClock(Time);
        Worker = new MediaWorker(
            Network.Socket, _clock, Contact, new FailingWriter(_channel.Writer, failsFor),
            logger ?? NullLogger<MediaWorker>.Instance, limits: limits);
        Assert.That(Worker.OpenRoom(Room, slots, NodeDtls), Is.EqualTo(CommandResult.Done));
    }

    public FakeTimeProvider Time { get; }

    /// <summary>
    /// The record of the node's contact with the control plane. In this bench, only <see cref="Acknowledge"/> updates it automatically.
    /// </summary>
    public ControlContact Contact { get; }

    public FakeNetwork Network { get; } = new();

    public MediaWorker Worker { get; }

    public long Now => _clock.Now;

    public DropCounters Drops => Worker.Counters.Drops;

    public static uint SlotSsrc(uint number, int slot) => (number * 1000) + (uint)slot + 1;

    public static TransportAddress AddressOf(uint number, ushort port = 50_000) =>
        TransportAddress.FromIPv4([10, 0, (byte)(number >> 8), (byte)number], port);

    public static EndpointSpec Spec(uint number, int slots, bool canSpeak = true, bool canListen = true) => new(
        new MemberNumber(number), Encoding.ASCII.GetBytes(UfragOf(number)), Encoding.ASCII.GetBytes(PwdOf(number)),
        [.. Enumerable.Range(0, slots).Select(slot => new Ssrc(SlotSsrc(number, slot)))], canSpeak, canListen);

    /// <summary>Opens a further room on the worker.</summary>
    public void Open(RoomKey room) => Assert.That(Worker.OpenRoom(room, _slots, NodeDtls), Is.EqualTo(CommandResult.Done));

    /// <summary>Adds an endpoint to the worker and creates its peer, which sends nothing yet.</summary>
    /// <param name="room">Null: <see cref="Room"/>.</param>
    public TestPeer Add(uint number, bool canSpeak = true, bool canListen = true, DtlsContext? dtls = null, RoomKey? room = null)
    {
        var spec = Spec(number, _slots, canSpeak, canListen) with { Portable = _portable };
        Assert.That(
            Worker.AddEndpoint(room ?? Room, spec),
            Is.EqualTo(CommandResult.Done));
        var peer = new TestPeer(number, UfragOf(number), PwdOf(number), dtls ?? ClientDtls, Network, AddressOf(number));
        _peers.Add(peer);
        Network.Add(peer);
        return peer;
    }

    public TestPeer Connect(uint number, bool canSpeak = true, bool canListen = true, DtlsContext? dtls = null, RoomKey? room = null)
    {
        var peer = Add(number, canSpeak, canListen, dtls, room);
        peer.Check();
        peer.Greet();
        Answer(peer, room: room);
        Turn();
        Assert.That(IsConnected(number), Is.True);
        return peer;
    }

    public TestPeer[] Connect(IEnumerable<uint> numbers) => [.. numbers.Select(number => Connect(number))];

    /// <summary>Passes the certificate fingerprint from the peer's SDP answer to the worker.</summary>
    public void Answer(TestPeer peer, byte[]? fingerprint = null, RoomKey? room = null)
    {
        Assert.That(
            Worker.AcceptAnswer(room ?? Room, peer.Number, "sha-256", fingerprint ?? SelfSigned.Client.Sha256),
            Is.EqualTo(CommandResult.Done));
    }

    /// <summary>Returns the newest ticket of a member that the worker has sent to the control plane.</summary>
    public IssuedTicket Ticket(uint number) => Tickets(number)[^1];

    public List<IssuedTicket> Tickets(uint number) =>
        [
            .. Events
                .Where(happened => happened.Number.Value == number && happened.Kind == RoomEventKind.Ticket)
                .Select(happened => happened.Ticket!),
        ];

    /// <summary>Returns the content of a ticket.</summary>
    public static TransportTicket Read(IssuedTicket ticket)
    {
        var content = TransportTickets.TryUnseal(ticket.Sealed, out var refusal);
        Assert.That(content, Is.Not.Null, refusal);
        return content!;
    }

    /// <summary>Acknowledges, as the control plane would, every event that the worker has sent so far.</summary>
    public void Acknowledge()
    {
        Contact.Record(_clock.Now);
        foreach (var happened in Events)
            happened.Ticket?.Receipt.Acknowledge(happened.Ticket.Version);
    }

    /// <summary>Revives an endpoint from another node's ticket. The peer continues to use the other node until it follows.</summary>
    public void Revive(uint number, IssuedTicket ticket) => Assert.That(TryRevive(number, ticket), Is.EqualTo(CommandResult.Done));

    /// <inheritdoc cref="Revive"/>
    public CommandResult TryRevive(uint number, IssuedTicket ticket)
    {
        using var content = Read(ticket);
        var spec = new EndpointSpec(new MemberNumber(number), content, canSpeak: true, canListen: true) { Portable = true };
        return Worker.AddEndpoint(Room, spec);
    }

    /// <summary>Returns true if the member is connected according to the events, which are all that the control plane knows.</summary>
    public bool IsConnected(uint number) =>
        Events.Where(happened => happened.Number.Value == number && happened.Kind is (RoomEventKind.Connected or RoomEventKind.Closed))
            .Select(happened => (RoomEventKind?)happened.Kind).LastOrDefault() == RoomEventKind.Connected;

    public CloseReason? ClosedBecause(uint number) =>
        Events.Where(happened => happened.Number.Value == number && happened.Kind == RoomEventKind.Closed)
            .Select(happened => (CloseReason?)happened.Reason).SingleOrDefault();

    /// <summary>Runs turns of the worker until no datagram is left.</summary>
    public void Turn()
    {
        do
            Worker.Turn(_clock.Now);
        while (Network.Socket.HasWaiting)
            ;
    }

    /// <summary>Advances the time in steps of the worker's timer interval, and runs the worker after each step.</summary>
    public void Advance(TimeSpan time, Action? eachStep = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            eachStep?.Invoke();
            Turn();
        }
    }

    /// <summary>Advances the fake clock by the elapsed real time, which OpenSSL's timer follows, and runs the worker.</summary>
    public void FollowRealTime()
    {
        Time.Advance(_real.Elapsed);
        _real.Restart();
        Turn();
    }

    /// <summary>Advances the time by 20 ms and lets each of the speakers send one frame whose payload is the word.</summary>
    public void Frame(int word, params IEnumerable<TestPeer> speakers)
    {
        Time.Advance(TimeSpan.FromMilliseconds(20));
        foreach (var speaker in speakers)
            speaker.Say(word);
        Turn();
    }

    /// <summary>
    /// Returns true if the worker has reported the member's endpoint as closed since the last call. Discards all other events.
    /// </summary>
    public bool ClosedSince(uint number)
    {
        var closed = Events.Exists(happened => happened.Number.Value == number && happened.Kind == RoomEventKind.Closed);
        Events.Clear();
        return closed;
    }

    /// <summary>All events that the worker has sent to the control plane.</summary>
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

    private sealed class FailingWriter(ChannelWriter<RoomEvent> events, RoomEventKind? failsFor) : ChannelWriter<RoomEvent>
    {
        public override bool TryWrite(RoomEvent item) =>
            item.Kind == failsFor ? throw new InvalidOperationException("the room's fault") : events.TryWrite(item);

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) =>
            events.WaitToWriteAsync(cancellationToken);
    }
}
