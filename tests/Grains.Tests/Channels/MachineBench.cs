using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels;

/// <summary>Runs a channel machine with a manual clock, and collects its effects in <see cref="Effects"/>.</summary>
internal sealed class MachineBench
{
    public static readonly RegionId Local = new("local");
    public static readonly MediaNodeId NodeA = new("a");
    public static readonly MediaNodeId NodeB = new("b");

    public MachineBench(ChannelOptions? options = null, ChannelSettings? settings = null, ChannelCheckpoint? checkpoint = null)
    {
        Options = options ?? new ChannelOptions();
        Machine = new ChannelMachine(
            ChannelId.Parse("test"), Options, settings ?? ChannelSettings.Default, incarnation: 1, Now, checkpoint);
        Run(new Tick());
    }

    public ChannelOptions Options { get; }

    public ChannelMachine Machine { get; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch.AddYears(56);

    /// <summary>The effects of all steps since the last call of <see cref="Forget"/>.</summary>
    public List<ChannelEffect> Effects { get; } = [];

    public IEnumerable<ChannelEvent> Events =>
        Effects
            .Select(effect => effect switch { PublishToAll all => all.Event, NotifySession one => one.Event, _ => null })
            .OfType<ChannelEvent>();

    public Layout Current => Machine.Current;

    public Layout? Pending => Machine.Snapshot().Pending;

    public IReadOnlyList<Participant> Roster => Machine.Snapshot().Participants;

    public void Forget() => Effects.Clear();

    public StepResult Run(ChannelInput input)
    {
        var result = Machine.Step(input, Now);
        Effects.AddRange(result.Effects);
        return result;
    }

    /// <summary>Sends the channel a node's answer to an order.</summary>
    public void Answer(
        NodeOrder order,
        NodeOutcome outcome = NodeOutcome.Done,
        Room? room = null,
        SfuOffer? offer = null,
        ListedEndpoints? listed = null) =>
        Run(new NodeAnswered(order, outcome) { Room = room, Offer = offer, Listed = listed });

    public StepResult TryJoin(
        string identity, string gateway = "g1", Grants grants = Grants.Join | Grants.Speak | Grants.Listen, RegionId? region = null)
    {
        var session = SessionId.New();
        var hash = ResumeToken.Create(session).Hash;
        return Run(new Join(new Admission(session, hash, identity, identity, grants, gateway, region ?? Local)));
    }

    public Member Join(string identity, string gateway = "g1") => TryJoin(identity, gateway).Member!;

    public Member[] JoinMany(int count) => [.. Enumerable.Range(1, count).Select(index => Join($"person-{index}"))];

    /// <summary>Sets the clock to the time of another clock, without a deadline.</summary>
    public void SetTime(DateTimeOffset now) => Now = now;

    public void Advance(TimeSpan time)
    {
        Now += time;
        Run(new Tick());
    }

    public void Ready(IEnumerable<Member> members, LayoutEpoch epoch)
    {
        foreach (var member in members)
            Run(new Ready(member.Session, epoch));
    }

    /// <summary>Answers the newest request for a room: the room opens on the given node.</summary>
    public PlaceRoom Place(MediaNodeId node)
    {
        var place = Effects.OfType<PlaceRoom>().Last();
        Answer(place, room: new Room(node, place.Region, place.Epoch));
        return place;
    }

    /// <summary>Answers all orders to add endpoints, as if the nodes executed them.</summary>
    public void AddEndpoints()
    {
        foreach (var add in Effects.OfType<AddEndpoint>().ToArray())
            Answer(add, offer: Offer(add.Endpoint.Layout));
    }

    /// <summary>Joins members to an empty channel in SFU mode whose room is on <see cref="NodeA"/>.</summary>
    public Member[] JoinManyInSfu(int count)
    {
        var members = JoinMany(count);
        Place(NodeA);
        AddEndpoints();
        Ready(members, Machine.Snapshot().Pending?.Epoch ?? Current.Epoch);
        Forget();
        return members;
    }

    public void Report(MediaNodeId node, params RoomEvent[] events) => Run(new NodeReported(node, [.. events]));

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

    /// <summary>Creates the order that sends the answer of a member's client to <see cref="NodeA"/>.</summary>
    public static AcceptAnswer AcceptAnswer(LayoutEpoch layout, MemberNumber number) =>
        new(new Room(NodeA, Local, layout.AsRoomEpoch), number, new SfuAnswer
        {
            Epoch = layout,
            IceUfrag = "client",
            IcePwd = "pwd",
            FingerprintAlgorithm = "sha-256",
            Fingerprint = [],
        });

    public static ChannelId Channel { get; } = ChannelId.Parse("test");

    public static PlaceRoom PlaceOrder(LayoutEpoch layout) => new(layout, layout.AsRoomEpoch, Local, null, [], []);
}
