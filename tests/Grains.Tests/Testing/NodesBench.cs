using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Testing;

/// <summary>Provides the <see cref="NodeOrders"/> of a channel with two fake nodes, <c>a</c> and <c>b</c>, in one region.</summary>
internal sealed class NodesBench
{
    public static readonly ChannelId Channel = ChannelId.Parse("lobby");
    public static readonly RegionId Region = new("local");
    public const long Incarnation = 1_000;

    public NodesBench(int slots = 3, bool isFenceTaken = true)
    {
        var grains = FakeGrains.Create();
        (GrainA, GrainB) = (new FakeNodeGrain(A), new FakeNodeGrain(B));
        FakeGrains.Add(grains, "a", GrainA.Grain);
        FakeGrains.Add(grains, "b", GrainB.Grain);
        FakeGrains.Add(grains, Region.Value, FakeCalls.Create<IRegionGrain>((_, arguments) => Place((MediaNodeId[])arguments[2]!)));
        FakeGrains.Add(grains, 0L, FakeCalls.Create<IDtlsIdentityGrain>((_, _) => Task.FromResult(new DtlsIdentity([1, 2, 3], [4], "F"))));
        Fence = new ChannelFence(Incarnation, () => Write(), () => Ended++, Gate, TimeProvider.System);
        Orders = new NodeOrders(Channel, Fence, grains, new ChannelOptions { Slots = slots }, Gate);
        // Orders start at once then, so that a test needs no waiting.
        if (isFenceTaken)
            _ = Fence.TakeAsync();
    }

    public FakeGate Gate { get; } = new();

    public FakeMediaNode A { get; } = new("a", synchronous: true);

    public FakeMediaNode B { get; } = new("b", synchronous: true);

    public FakeNodeGrain GrainA { get; }

    public FakeNodeGrain GrainB { get; }

    public NodeOrders Orders { get; }

    public ChannelFence Fence { get; }

    /// <summary>The write that takes the fence; its result is false if the storage does not answer.</summary>
    public Func<Task<bool>> Write { get; set; } = () => Task.FromResult(true);

    /// <summary>The number of times that the activation was ended.</summary>
    public int Ended { get; private set; }

    /// <summary>Returns a fence that is taken already, so that orders start at once.</summary>
    public static ChannelFence TakenFence()
    {
        var fence = new ChannelFence(Incarnation, () => Task.FromResult(true), () => { }, new FakeGate(), TimeProvider.System);
        _ = fence.TakeAsync();
        return fence;
    }

    public static Room RoomOn(FakeMediaNode node, int epoch) => new(node.Registration.Node, Region, new RoomEpoch(epoch));

    public static EndpointRef EndpointIn(Room room, uint number = 7, int generation = 0) =>
        new(new LayoutEpoch(1), room, new MemberNumber(number), generation);

    public static PlaceRoom Place(int epoch, params Room[] present) =>
        new(new LayoutEpoch(1), new RoomEpoch(epoch), Region, null, [], present);

    /// <summary>Opens a room by a placement order, and returns it.</summary>
    public async Task<Room> OpenAsync(int epoch = 3) => (await Orders.ExecuteAsync(Place(epoch))).Room!;

    public Task<NodeAnswered> AddAsync(Room room, uint number = 7, int generation = 0) =>
        Orders.ExecuteAsync(new AddEndpoint(EndpointIn(room, number, generation), new EndpointPermissions(true, true)));

    /// <summary>Answers a placement request with the first node that is not avoided.</summary>
    private Task<PlacementResult> Place(MediaNodeId[] avoid) =>
        Task.FromResult(new[] { A.Registration.Node, B.Registration.Node }.Except(avoid).ToArray() is [var first, ..]
            ? new PlacementResult(first, Region, PlacementReason.LessLoadedOfTwo)
            : new PlacementResult(null, Region));
}
