using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels;

/// <summary>
/// The channel's dealings with media nodes. Commands for one endpoint run in the order they were given, one after the other;
/// endpoints do not wait for each other. Belongs to the grain and runs on its scheduler.
/// </summary>
internal sealed class ChannelRooms(ChannelId channel, IGrainFactory grains, int slots)
{
    /// <summary>Nodes that are tried for one placement before it counts as failed.</summary>
    private const int PlacementTries = 3;

    private readonly Dictionary<(int Epoch, uint Number), Task> _tails = [];
    private readonly Dictionary<int, (ImmutableArray<NodeCandidate> Candidates, string Fingerprint)> _open = [];

    public async Task<(VoiceError Error, Room? Room)> Place(PlaceRoom place)
    {
        var avoid = place.Avoid.ToHashSet();
        var error = VoiceError.NoMediaNode;
        for (var attempt = 0; attempt < PlacementTries; attempt++)
        {
            var placed = await grains.GetGrain<IRegionGrain>(place.Region.Value).Place(channel, place.Sticky, [.. avoid]);
            if (placed.Error != VoiceError.None)
                return (placed.Error, null);

            error = await OpenAsync(place.Epoch, placed.Node);
            if (error == VoiceError.None)
                return (error, new Room(placed.Node, placed.Region));

            avoid.Add(placed.Node);
        }

        return (error, null);
    }

    /// <summary>Is the room there, and who of these is not in it?</summary>
    public async Task<(VoiceError Error, uint[] Lost)> Verify(VerifyRoom verify)
    {
        var error = await OpenAsync(verify.Epoch, verify.Node);
        if (error != VoiceError.None)
            return (error, []);

        var found = await Task.WhenAll(verify.Members.Select(member => Update(new UpdateEndpoint(verify.Epoch, verify.Node, member))));
        return (VoiceError.None, [.. verify.Members.Where((_, index) => found[index] == VoiceError.UnknownRoom).Select(member => member.Number)]);
    }

    public Task<VoiceError> Renew(RoomAssignment room) => OpenAsync(room.Epoch, room.Node);

    public Task Close(CloseRoom close)
    {
        _open.Remove(close.Epoch);
        return Node(close.Node).CloseRoom(channel, close.Epoch);
    }

    public Task<(VoiceError Error, SfuOffer? Offer)> Add(AddEndpoint add) => InOrder(add.Epoch, add.Member.Number, async () =>
    {
        if (!_open.TryGetValue(add.Epoch, out var room))
            return (VoiceError.UnknownRoom, null);

        var node = Node(add.Room.Node);
        if (add.Generation > 0)
            await node.RemoveEndpoint(channel, add.Epoch, add.Member.Number);
        var spec = SfuTransports.Create(channel, add.Epoch, add.Member, slots);
        var error = await node.AddEndpoint(spec);
        return error != VoiceError.None ? (error, (SfuOffer?)null) : (error, new SfuOffer
        {
            Epoch = add.Epoch,
            IceUfrag = spec.IceUfrag,
            IcePwd = spec.IcePwd,
            Fingerprint = room.Fingerprint,
            Candidates = room.Candidates,
            SlotSsrcs = spec.SlotSsrcs,
            Region = add.Room.Region,
        });
    });

    public Task<VoiceError> AcceptAnswer(MediaNodeId node, uint number, SfuAnswer answer) =>
        InOrder(answer.Epoch, number, () => Node(node).AcceptAnswer(channel, number, answer));

    public Task<VoiceError> Update(UpdateEndpoint update) => InOrder(
        update.Epoch,
        update.Member.Number,
        () => Node(update.Node).UpdateEndpoint(channel, update.Epoch, update.Member.Number, update.Member.CanSpeak, update.Member.CanListen));

    public Task Remove(RemoveEndpoint remove) => InOrder(remove.Epoch, remove.Number, async () =>
    {
        await Node(remove.Node).RemoveEndpoint(channel, remove.Epoch, remove.Number);
        return VoiceError.None;
    });

    private IMediaNodeGrain Node(MediaNodeId node) => grains.GetGrain<IMediaNodeGrain>(node.Value);

    private async Task<VoiceError> OpenAsync(int epoch, MediaNodeId node)
    {
        var identity = await grains.GetGrain<IDtlsIdentityGrain>(0).Get();
        var opened = await Node(node).OpenRoom(channel, epoch, identity);
        // Asked again, the node keeps the identity that the room was opened with.
        if (opened.Error == VoiceError.None)
            _open.TryAdd(epoch, (opened.Candidates, identity.Fingerprint));
        return opened.Error;
    }

    private async Task<T> InOrder<T>(int epoch, uint number, Func<Task<T>> command)
    {
        var before = _tails.GetValueOrDefault((epoch, number), Task.CompletedTask);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tails[(epoch, number)] = done.Task;
        await before;
        try
        {
            return await command();
        }
        finally
        {
            done.SetResult();
            if (_tails[(epoch, number)] == done.Task)
                _tails.Remove((epoch, number));
        }
    }
}
