using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels;

/// <summary>A channel on the bench: its clock is ours, and what it wants done lies in <see cref="Effects"/> until we do it.</summary>
internal sealed class MachineBench
{
    public static readonly RegionId Local = new("local");
    public static readonly MediaNodeId NodeA = new("a");
    public static readonly MediaNodeId NodeB = new("b");

    public MachineBench(ChannelOptions? options = null, ChannelSettings? settings = null, ChannelCheckpoint? checkpoint = null)
    {
        Options = options ?? new ChannelOptions();
        Machine = new ChannelMachine(ChannelId.Parse("test"), Options, settings ?? ChannelSettings.Default, incarnation: 1, Now, checkpoint);
        Collect();
    }

    public ChannelOptions Options { get; }

    public ChannelMachine Machine { get; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch.AddYears(56);

    /// <summary>Everything since the last <see cref="Forget"/>.</summary>
    public List<ChannelEffect> Effects { get; } = [];

    public IEnumerable<ChannelEvent> Events => Effects.Select(effect => effect switch { PublishToAll all => all.Event, NotifySession one => one.Event, _ => null }).OfType<ChannelEvent>();

    public Layout Current => Machine.Current;

    public Layout? Pending => Machine.Snapshot().Pending;

    public IReadOnlyList<Participant> Roster => Machine.Snapshot().Participants;

    public void Forget() => Effects.Clear();

    public void Do(Action<ChannelMachine, DateTimeOffset> step)
    {
        step(Machine, Now);
        Collect();
    }

    public T Do<T>(Func<ChannelMachine, DateTimeOffset, T> step)
    {
        var result = step(Machine, Now);
        Collect();
        return result;
    }

    public (VoiceError Error, Member? Member) TryJoin(
        string identity, string gateway = "g1", Grants grants = Grants.Join | Grants.Speak | Grants.Listen, RegionId? region = null)
    {
        var session = SessionId.New();
        return Do((machine, now) => machine.Join(new Admission(session, ResumeToken.Create(session).Hash, identity, identity, grants, gateway, region ?? Local), now));
    }

    public Member Join(string identity, string gateway = "g1") => TryJoin(identity, gateway).Member!;

    public Member[] JoinMany(int count) => [.. Enumerable.Range(1, count).Select(index => Join($"person-{index}"))];

    public void Advance(TimeSpan time)
    {
        Now += time;
        Do((machine, now) => machine.Tick(now));
    }

    public void Ready(IEnumerable<Member> members, LayoutEpoch epoch)
    {
        foreach (var member in members)
            Do((machine, now) => machine.Ready(member.Session, epoch, now));
    }

    /// <summary>Answers the newest request for a room.</summary>
    public PlaceRoom Place(MediaNodeId node)
    {
        var place = Effects.OfType<PlaceRoom>().Last();
        Do((machine, now) => machine.RoomOpened(place.Layout, place.Region, new Room(node, place.Region, place.Epoch), now));
        return place;
    }

    /// <summary>Says of every endpoint asked for that the node has it.</summary>
    public void AddEndpoints()
    {
        foreach (var add in Effects.OfType<AddEndpoint>().ToArray())
            Do((machine, now) => machine.EndpointAdded(add, Offer(add.Layout), now));
    }

    /// <summary>From a channel of nobody to one that plays in sfu on <see cref="NodeA"/>.</summary>
    public Member[] JoinManyInSfu(int count)
    {
        var members = JoinMany(count);
        Place(NodeA);
        AddEndpoints();
        Ready(members, Machine.Snapshot().Pending?.Epoch ?? Current.Epoch);
        Forget();
        return members;
    }

    public void Report(MediaNodeId node, params RoomEvent[] events) => Do((machine, now) => machine.NodeReported(node, events, now));

    public static SfuOffer Offer(LayoutEpoch epoch) => new()
    {
        Epoch = epoch,
        IceUfrag = "ufrag",
        IcePwd = "pwd",
        Fingerprint = "AA",
        Candidates = [],
        SlotSsrcs = [new(1)],
        Region = Local,
    };

    public static ChannelId Channel { get; } = ChannelId.Parse("test");

    private void Collect() => Effects.AddRange(Machine.TakeEffects());
}
