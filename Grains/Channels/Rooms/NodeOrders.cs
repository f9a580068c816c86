using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Endpoints;

namespace Hype.Grains.Channels.Rooms;

/// <summary>
/// The channel's dealings with media nodes. Commands for one endpoint or one link run in the order they were given, one after the
/// other; endpoints do not wait for each other. Belongs to the grain and runs on its scheduler.
/// </summary>
internal sealed class NodeOrders(ChannelId channel, IGrainFactory grains, ChannelOptions options)
{
    /// <summary>Nodes that are tried for one placement before it counts as failed.</summary>
    private const int PlacementTries = 3;

    private readonly Dictionary<object, Task> _tails = [];
    private readonly Dictionary<RoomEpoch, OpenedRoom> _open = [];
    private readonly Dictionary<RoomEpoch, PlacementReason> _reasons = [];

    public async Task<(VoiceError Error, Room? Room)> Place(PlaceRoom place)
    {
        var avoid = place.Avoid.ToHashSet();
        var error = VoiceError.NoMediaNode;
        for (var attempt = 0; attempt < PlacementTries; attempt++)
        {
            var placed = await grains.GetGrain<IRegionGrain>(place.Region.Value).Place(channel, place.Sticky, [.. avoid]);
            if (placed.Error != VoiceError.None)
                return (placed.Error, null);
            // A region that has to share another one's node shares its room: one less to link.
            if (placed.Region != place.Region && Array.Find(place.Present, room => room.Node == placed.Node) is { } shared)
                return (VoiceError.None, shared);

            error = await OpenAsync(place.Epoch, placed.Node);
            if (error == VoiceError.None)
            {
                _reasons[place.Epoch] = placed.Reason;
                return (error, new Room(placed.Node, placed.Region, place.Epoch));
            }

            avoid.Add(placed.Node);
        }

        return (error, null);
    }

    /// <summary>Why a room is where it is.</summary>
    public PlacementReason ReasonFor(RoomEpoch epoch) => _reasons.GetValueOrDefault(epoch);

    /// <summary>Is the room there, and who is in it?</summary>
    public async Task<ListedEndpoints> Verify(Room room)
    {
        var error = await OpenAsync(room.Epoch, room.Node);
        return error != VoiceError.None ? ListedEndpoints.Failed(error) : await List(room.Node, room.Epoch);
    }

    public Task<ListedEndpoints> List(MediaNodeId node, RoomEpoch epoch) => Node(node).ListEndpoints(channel, epoch);

    public Task<VoiceError> Renew(RoomAssignment room) => OpenAsync(room.Epoch, room.Node);

    public Task Close(CloseRoom close)
    {
        _open.Remove(close.Epoch);
        _reasons.Remove(close.Epoch);
        return Node(close.Node).CloseRoom(channel, close.Epoch);
    }

    public Task<(VoiceError Error, SfuOffer? Offer)> Add(AddEndpoint add) => InOrder((add.Room.Epoch, add.Member.Number), async () =>
    {
        if (!_open.TryGetValue(add.Room.Epoch, out var room))
            return (VoiceError.UnknownRoom, null);

        var node = Node(add.Room.Node);
        if (add.Generation > 0 && await node.RemoveEndpoint(channel, add.Room.Epoch, add.Member.Number) is not VoiceError.None and var left)
            return (left, null);
        var spec = EndpointFactory.Create(channel, add.Room.Epoch, add.Member, options.Slots, options.PortableTransports);
        var error = await node.AddEndpoint(spec);
        return error != VoiceError.None ? (error, (SfuOffer?)null) : (error, new SfuOffer
        {
            Epoch = add.Layout,
            IceUfrag = spec.IceUfrag,
            IcePwd = spec.IcePwd,
            Fingerprint = room.Fingerprint,
            Candidates = room.Candidates,
            SlotSsrcs = spec.SlotSsrcs,
            Region = add.Room.Region,
        });
    });

    public Task<(VoiceError Error, SfuOffer? Destination)> Revive(ReviveEndpoint revive) =>
        ReviveAsync(revive.Layout, revive.Room, revive.Member, revive.Ticket);

    public async Task<(VoiceError Error, SfuOffer? Destination)> HandOver(HandOver hand)
    {
        var released = await InOrder((hand.From.Epoch, hand.Member.Number), () => Node(hand.From.Node).ReleaseEndpoint(channel, hand.From.Epoch, hand.Member.Number));
        return released is { Error: VoiceError.None, Ticket: { } ticket }
            ? await ReviveAsync(hand.Layout, hand.Room, hand.Member, ticket)
            : (released.Error, null);
    }

    public Task<(VoiceError Error, SfuOffer? Offer)> RestartIce(RestartIce restart) => InOrder((restart.Room.Epoch, restart.Number), async () =>
    {
        var (ufrag, pwd) = EndpointFactory.IceCredentials();
        var error = await Node(restart.Room.Node).RestartIce(channel, restart.Room.Epoch, restart.Number, ufrag, pwd);
        return error != VoiceError.None
            ? (error, (SfuOffer?)null)
            : (error, restart.Transport with { IceUfrag = ufrag, IcePwd = pwd, Restart = true });
    });

    public Task<VoiceError> AcceptAnswer(Room room, MemberNumber number, SfuAnswer answer) =>
        InOrder((room.Epoch, number), () => Node(room.Node).AcceptAnswer(channel, room.Epoch, number, answer));

    public Task<VoiceError> Update(UpdateEndpoint update) => InOrder(
        (update.Room.Epoch, update.Member.Number),
        () => Node(update.Room.Node).UpdateEndpoint(channel, update.Room.Epoch, update.Member.Number, update.Member.CanSpeak, update.Member.CanListen));

    public Task<VoiceError> Remove(RemoveEndpoint remove) =>
        InOrder((remove.Epoch, remove.Number), () => Node(remove.Node).RemoveEndpoint(channel, remove.Epoch, remove.Number));

    /// <summary>Both ends, with keys of their own; what linked them before is gone.</summary>
    public Task<VoiceError> Link(LinkRooms link) => InOrder(link.Pair, async () =>
    {
        if (!_open.TryGetValue(link.Low.Epoch, out var low) || !_open.TryGetValue(link.High.Epoch, out var high))
            return VoiceError.UnknownRoom;

        var (forLow, forHigh) = RoomLinkKeys.Create(channel, link, low.Candidates[0], high.Candidates[0], options.Slots);
        if (link.InPlaceOf is { } old)
            await Task.WhenAll(Node(link.Low.Node).RemoveLink(channel, link.Low.Epoch, old), Node(link.High.Node).RemoveLink(channel, link.High.Epoch, old));
        var ends = await Task.WhenAll(Node(link.Low.Node).AddLink(forLow), Node(link.High.Node).AddLink(forHigh));
        return ends.FirstOrDefault(error => error != VoiceError.None);
    });

    public Task Unlink(UnlinkRoom unlink) => InOrder(unlink.Pair, async () =>
    {
        await Node(unlink.Room.Node).RemoveLink(channel, unlink.Room.Epoch, unlink.Name);
        return VoiceError.None;
    });

    private IMediaNodeGrain Node(MediaNodeId node) => grains.GetGrain<IMediaNodeGrain>(node.Value);

    private Task<(VoiceError Error, SfuOffer? Destination)> ReviveAsync(LayoutEpoch layout, Room room, EndpointPermissions member, TransportTicket ticket) =>
        InOrder((room.Epoch, member.Number), async () =>
        {
            if (!_open.TryGetValue(room.Epoch, out var open))
                return (VoiceError.UnknownRoom, (SfuOffer?)null);

            var error = await Node(room.Node).AddEndpoint(EndpointFactory.Revive(channel, room.Epoch, member, ticket));
            return error != VoiceError.None ? (error, null) : (error, new SfuOffer
            {
                Epoch = layout,
                IceUfrag = ticket.IceUfrag,
                IcePwd = "",
                Fingerprint = ticket.Fingerprint,
                Candidates = open.Candidates,
                SlotSsrcs = ticket.SlotSsrcs,
                Region = room.Region,
            });
        });

    private async Task<VoiceError> OpenAsync(RoomEpoch epoch, MediaNodeId node)
    {
        var identity = await grains.GetGrain<IDtlsIdentityGrain>(0).Get();
        var opened = await Node(node).OpenRoom(channel, epoch, identity);
        if (opened.Error == VoiceError.None)
            _open[epoch] = opened;
        return opened.Error;
    }

    /// <param name="line">An endpoint of a room, or a pair of rooms.</param>
    private async Task<T> InOrder<T>(object line, Func<Task<T>> command)
    {
        var before = _tails.GetValueOrDefault(line, Task.CompletedTask);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tails[line] = done.Task;
        await before;
        try
        {
            return await command();
        }
        finally
        {
            done.SetResult();
            if (_tails[line] == done.Task)
                _tails.Remove(line);
        }
    }
}
