using System.Security.Cryptography;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>
/// A test bench with the rooms of one channel, each on its own worker with its own fake network. All workers share one clock, and all
/// rooms are linked with each other. Datagrams between workers arrive in the next turn, or later if the test sets a delay.
/// </summary>
internal sealed class CascadeBench : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    private readonly List<(byte[] Datagram, int From, int To, TimeSpan At)> _underway = [];
    private readonly DateTimeOffset _began;
    private uint _lastSsrc;

    /// <param name="linked">False: the test links the rooms.</param>
    /// <param name="portable">Endpoints get tickets.</param>
    public CascadeBench(int rooms, int slots = 3, bool linked = true, bool portable = false)
    {
        Slots = slots;
        _began = Time.GetUtcNow();
        Rooms = [.. Enumerable.Range(0, rooms).Select(_ => new WorkerBench(slots, portable, time: Time))];
        for (var room = 0; room < rooms; room++)
        {
            var (from, local) = (room, Rooms[room].Network);
            local.Socket.Deliver = (datagram, to) =>
            {
                if (RoomAt(to) is { } other)
                    Carry(datagram.ToArray(), from, other);
                else
                    local.Deliver(datagram, to);
            };
        }

        for (var first = 0; first < rooms && linked; first++)
        {
            for (var second = first + 1; second < rooms; second++)
                Link(first, second);
        }
    }

    public FakeTimeProvider Time { get; } = new();

    public int Slots { get; }

    public WorkerBench[] Rooms { get; }

    /// <summary>
    /// All datagrams that were sent between two workers, in the order of sending, each with its sending and receiving room.
    /// </summary>
    public List<(byte[] Datagram, int From, int To)> OnLinks { get; } = [];

    /// <summary>Decides which datagrams between workers are lost; the arguments are the sending and the receiving room.</summary>
    public Func<int, int, bool> Loses { get; set; } = static (_, _) => false;

    /// <summary>Returns the delay of a datagram between two workers; the arguments are the sending and the receiving room.</summary>
    public Func<int, int, TimeSpan> Delay { get; set; } = static (_, _) => TimeSpan.Zero;

    /// <summary>The media datagrams in <see cref="OnLinks"/>.</summary>
    public IEnumerable<(byte[] Datagram, int From, int To)> MediaOnLinks =>
        OnLinks.Where(sent => DatagramClassifier.Classify(sent.Datagram) == DatagramKind.Rtp);

    public static string NameOf(int first, int second) => $"{Math.Min(first, second)}-{Math.Max(first, second)}";

    public static TransportAddress AddressOf(int room) => TransportAddress.FromIPv4([192, 0, 2, (byte)(room + 1)], 40_000);

    /// <summary>Returns both ends of a link between two rooms, as the control plane describes them.</summary>
    public (LinkSpec First, LinkSpec Second) Describe(int first, int second, string? name = null)
    {
        var (there, back) = (RandomNumberGenerator.GetBytes(LinkSpec.KeyLength), RandomNumberGenerator.GetBytes(LinkSpec.KeyLength));
        var (thereSsrcs, backSsrcs) = (NewSsrcs(), NewSsrcs());
        name ??= NameOf(first, second);
        return (
            new LinkSpec(name, AddressOf(second), there, back, thereSsrcs, backSsrcs),
            new LinkSpec(name, AddressOf(first), back, there, backSsrcs, thereSsrcs));
    }

    public void Link(int first, int second, string? name = null)
    {
        var (one, other) = Describe(first, second, name);
        Assert.That(Add(first, one), Is.EqualTo(CommandResult.Done));
        Assert.That(Add(second, other), Is.EqualTo(CommandResult.Done));
    }

    public CommandResult Add(int room, LinkSpec spec) => Rooms[room].Worker.AddLink(WorkerBench.Room, spec);

    public void Unlink(int first, int second)
    {
        foreach (var room in new[] { first, second })
            Assert.That(Rooms[room].Worker.RemoveLink(WorkerBench.Room, NameOf(first, second)), Is.EqualTo(CommandResult.Done));
    }

    /// <summary>Delivers a datagram from any source address to the worker of a room.</summary>
    public void Arrive(int room, byte[] datagram, TransportAddress from)
    {
        Rooms[room].Network.Socket.Arrive(datagram, from);
        Turn();
    }

    /// <summary>Advances the time by 20 ms and lets each of the speakers send one frame whose payload is the word.</summary>
    public void Frame(int word, params IEnumerable<TestPeer> speakers)
    {
        Time.Advance(FrameTime);
        foreach (var speaker in speakers)
            speaker.Say(word);
        Turn();
    }

    public void Talk(int frames, params TestPeer[] speakers)
    {
        for (var word = 0; word < frames; word++)
            Frame(word, speakers);
    }

    /// <summary>Advances the time in steps of the workers' timer interval, and lets the workers process each step.</summary>
    public void Advance(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            Turn();
        }
    }

    /// <summary>Runs turns of all workers, and delivers their datagrams, until no datagram is due.</summary>
    public void Turn()
    {
        do
        {
            Deliver();
            foreach (var room in Rooms)
                room.Turn();
        }

        while (_underway.Exists(IsDue) || Rooms.Any(room => room.Network.Socket.HasWaiting))
            ;
    }

    public IEnumerable<string?> LinksLost(int room) =>
        Rooms[room].Events.Where(happened => happened.Kind == RoomEventKind.LinkLost).Select(happened => happened.Link);

    public void Dispose()
    {
        foreach (var room in Rooms)
            room.Dispose();
    }

    private Ssrc[] NewSsrcs() => [.. Enumerable.Range(0, Slots).Select(_ => new Ssrc(0xC000_0000 + ++_lastSsrc))];

    private int? RoomAt(TransportAddress address)
    {
        for (var room = 0; room < Rooms.Length; room++)
        {
            if (AddressOf(room) == address)
                return room;
        }

        return null;
    }

    private void Carry(byte[] datagram, int from, int to)
    {
        OnLinks.Add((datagram, from, to));
        if (!Loses(from, to))
            _underway.Add((datagram, from, to, Time.GetUtcNow() - _began + Delay(from, to)));
    }

    private bool IsDue((byte[], int, int, TimeSpan At) datagram) => datagram.At <= Time.GetUtcNow() - _began;

    private void Deliver()
    {
        foreach (var (datagram, from, to, _) in _underway.Where(IsDue).ToArray())
            Rooms[to].Network.Socket.Arrive(datagram, AddressOf(from));
        _underway.RemoveAll(IsDue);
    }
}
