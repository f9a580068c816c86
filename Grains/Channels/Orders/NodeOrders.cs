using System.Collections.Immutable;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.MediaNodes;
using Hype.Grains.Silos;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// Sends the channel's orders to media nodes. Each order has a method that builds its message and returns the answer as a
/// <see cref="NodeAnswered"/>. Orders for the same endpoint or link are executed in sequence; orders for different ones run in parallel.
/// Runs on the scheduler of the channel's grain.
/// </summary>
/// <param name="fence">
/// Taken before the first order, so that every order carries the incarnation of an activation whose record is stored.
/// </param>
internal sealed class NodeOrders(
    ChannelId channel, IOrderFence fence, IGrainFactory grains, ChannelOptions options, IMembershipGate gate)
{
    /// <summary>The number of nodes that are tried for one room before its placement fails.</summary>
    private const int PlacementAttempts = 3;

    private readonly Dictionary<object, Task> _tails = [];
    private readonly Dictionary<RoomEpoch, OpenedRoom> _open = [];
    private readonly Dictionary<RoomEpoch, PlacementReason> _reasons = [];

    /// <summary>Returns the reason for the choice of a room's node.</summary>
    public PlacementReason ReasonFor(RoomEpoch epoch) => _reasons.GetValueOrDefault(epoch);

    public Task<NodeAnswered> ExecuteAsync(NodeOrder order) => order switch
    {
        PlaceRoom place => PlaceAsync(place),
        VerifyRoom verify => VerifyAsync(verify),
        RenewRoom renew => RenewAsync(renew),
        CloseRoom close => CloseAsync(close),
        AddEndpoint add => AddAsync(add),
        ReviveEndpoint revive => ReviveAsync(revive, revive.Permissions, revive.Ticket),
        HandOver handOver => HandOverAsync(handOver),
        RestartIce restart => RestartIceAsync(restart),
        AcceptAnswer accept => AcceptAnswerAsync(accept),
        UpdateEndpoint update => UpdateAsync(update),
        RemoveEndpoint remove => RemoveAsync(remove),
        LinkRooms link => LinkAsync(link),
        UnlinkRoom unlink => UnlinkAsync(unlink),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "An order without a method."),
    };

    /// <summary>Returns the member whose audio each slot of a room carries; an empty array if the node does not answer.</summary>
    public async Task<ImmutableArray<MemberNumber>> ListSlotsAsync(MediaNodeId node, RoomEpoch epoch)
    {
        var query = grains.GetGrain<IMediaNodeOrdersGrain>(node.Value).Query;
        var outcomes = await SendFencedAsync(epoch, [new() { ListEndpoints = new() }], query);
        return outcomes[0].ListedEndpoints is { } listed ? NodeReplies.Read(listed).Slots : [];
    }

    private async Task<NodeAnswered> PlaceAsync(PlaceRoom place)
    {
        var avoid = place.Avoid.ToHashSet();
        var outcome = NodeOutcome.NoCapacity;
        for (var attempt = 0; attempt < PlacementAttempts; attempt++)
        {
            var placed = await grains.GetGrain<IRegionGrain>(place.Region.Value).Place(channel, place.Sticky, [.. avoid]);
            if (placed.Node is not { } node)
                return new NodeAnswered(place, NodeOutcome.NoCapacity);
            // A region that has to share the node of another region also shares its room, which saves a link.
            if (placed.Region != place.Region && Array.Find(place.Present, room => room.Node == node) is { } shared)
                return new NodeAnswered(place, NodeOutcome.Done) { Room = shared };
            var room = new Room(node, placed.Region, place.Epoch);
            outcome = Opened(room, (await SendAllAsync(room, await OpenAsync()))[0]);
            if (outcome == NodeOutcome.Done)
            {
                _reasons[place.Epoch] = placed.Reason;
                return new NodeAnswered(place, outcome) { Room = room };
            }

            avoid.Add(node);
        }

        return new NodeAnswered(place, outcome);
    }

    private async Task<NodeAnswered> VerifyAsync(VerifyRoom verify)
    {
        var outcomes = await SendAllAsync(verify.Room, await OpenAsync(), new Proto.NodeOrder { ListEndpoints = new() });
        var opened = Opened(verify.Room, outcomes[0]);
        if (opened != NodeOutcome.Done)
            return new NodeAnswered(verify, opened);
        return new NodeAnswered(verify, NodeOutcomes.Of(outcomes[1].Code))
        {
            Listed = outcomes[1].ListedEndpoints is { } listed ? NodeReplies.Read(listed) : null,
        };
    }

    /// <summary>Renews a room: repeats the order that opens it.</summary>
    private async Task<NodeAnswered> RenewAsync(RenewRoom renew)
    {
        var room = new Room(renew.Node, default, renew.Epoch);
        return new NodeAnswered(renew, Opened(room, (await SendAllAsync(room, await OpenAsync()))[0]));
    }

    private async Task<NodeAnswered> CloseAsync(CloseRoom close)
    {
        _open.Remove(close.Epoch);
        _reasons.Remove(close.Epoch);
        var room = new Room(close.Node, default, close.Epoch);
        return new NodeAnswered(close, await SendAsync(room, new Proto.NodeOrder { CloseRoom = new() }));
    }

    private Task<NodeAnswered> AddAsync(AddEndpoint add) => InOrder(add, async () =>
    {
        var (endpoint, room) = (add.Endpoint, add.Endpoint.Room);
        if (!_open.TryGetValue(room.Epoch, out var opened))
            return new NodeAnswered(add, NodeOutcome.UnknownRoom);
        var spec = EndpointFactory.Create(endpoint.Number, add.Permissions, options.Slots, options.PortableTransports);
        // A later generation replaces the member's endpoint in the room.
        var previous = endpoint.Generation > 0 ? new[] { Remove(endpoint.Number) } : [];
        var outcome = await SendAsync(room, [.. previous, new Proto.NodeOrder { AddEndpoint = spec }]);
        return new NodeAnswered(add, outcome)
        {
            Offer = outcome == NodeOutcome.Done
                ? Offer(
                    endpoint, opened, spec.IceUfrag, spec.IcePwd, opened.Fingerprint, [.. spec.SlotSsrcs.Select(ssrc => new Ssrc(ssrc))])
                : null,
        };
    });

    private Task<NodeAnswered> ReviveAsync(
        EndpointOrder order, EndpointPermissions permissions, TransportTicket ticket) => InOrder(order, async () =>
    {
        var (endpoint, room) = (order.Endpoint, order.Endpoint.Room);
        if (!_open.TryGetValue(room.Epoch, out var opened))
            return new NodeAnswered(order, NodeOutcome.UnknownRoom);
        // After a pause of this silo the ticket of a lost node may be too old. The last ticket of a released endpoint does not age.
        if (order is ReviveEndpoint && !gate.PassAsync().IsCompletedSuccessfully)
            return new NodeAnswered(order, NodeOutcome.Failed);
        var outcome = await SendAsync(
            room, new Proto.NodeOrder { AddEndpoint = EndpointFactory.Revive(endpoint.Number, permissions, ticket) });
        return new NodeAnswered(order, outcome)
        {
            // The client continues to use its password, which the ticket contains.
            Offer = outcome == NodeOutcome.Done
                ? Offer(endpoint, opened, ticket.IceUfrag, "", ticket.Fingerprint, ticket.SlotSsrcs)
                : null,
        };
    });

    private async Task<NodeAnswered> HandOverAsync(HandOver handOver)
    {
        var (source, number) = (handOver.From, handOver.Endpoint.Number);
        // Only a repetition of this call may get the ticket again.
        var release = new Proto.NodeOrder
        {
            ReleaseEndpoint = new() { Number = number.Value, HandOver = (ulong)Random.Shared.NextInt64(1, long.MaxValue) },
        };
        var released = (await InOrder((source.Epoch, number), () => SendAllAsync(source, release)))[0];
        if (NodeReplies.Read(released.ReleasedEndpoint?.Ticket) is { } ticket)
            return await ReviveAsync(handOver, handOver.Permissions, ticket);
        var outcome = NodeOutcomes.Of(released.Code);
        return new NodeAnswered(handOver, outcome == NodeOutcome.Done ? NodeOutcome.Failed : outcome);
    }

    private Task<NodeAnswered> RestartIceAsync(RestartIce restart) => InOrder(restart, async () =>
    {
        var (ufrag, pwd) = EndpointFactory.IceCredentials();
        var order = new Proto.NodeOrder { RestartIce = new() { Number = restart.Endpoint.Number.Value, IceUfrag = ufrag, IcePwd = pwd } };
        var outcome = await SendAsync(restart.Endpoint.Room, order);
        return new NodeAnswered(restart, outcome)
        {
            Offer = outcome == NodeOutcome.Done ? restart.Offer with { IceUfrag = ufrag, IcePwd = pwd, Restart = true } : null,
        };
    });

    private Task<NodeAnswered> AcceptAnswerAsync(AcceptAnswer accept) => InOrder((accept.Room.Epoch, accept.Number), async () =>
        new NodeAnswered(accept, await SendAsync(accept.Room, new Proto.NodeOrder
        {
            AcceptAnswer = new()
            {
                Number = accept.Number.Value,
                IceUfrag = accept.Answer.IceUfrag,
                IcePwd = accept.Answer.IcePwd,
                FingerprintAlgorithm = accept.Answer.FingerprintAlgorithm,
                Fingerprint = ByteString.CopyFrom(accept.Answer.Fingerprint),
            },
        })));

    private Task<NodeAnswered> UpdateAsync(UpdateEndpoint update) => InOrder(update, async () => new NodeAnswered(update, await SendAsync(
        update.Endpoint.Room,
        new Proto.NodeOrder
        {
            UpdateEndpoint = new()
            {
                Number = update.Endpoint.Number.Value,
                CanSpeak = update.Permissions.CanSpeak,
                CanListen = update.Permissions.CanListen,
            },
        })));

    private Task<NodeAnswered> RemoveAsync(RemoveEndpoint remove) => InOrder((remove.Epoch, remove.Number), async () =>
        new NodeAnswered(remove, await SendAsync(new Room(remove.Node, default, remove.Epoch), Remove(remove.Number))));

    /// <summary>Creates both ends of a link with new keys, after the removal of the link that it replaces.</summary>
    private Task<NodeAnswered> LinkAsync(LinkRooms link) => InOrder(link.Pair, async () =>
    {
        if (!_open.TryGetValue(link.Low.Epoch, out var low) || !_open.TryGetValue(link.High.Epoch, out var high))
            return new NodeAnswered(link, NodeOutcome.UnknownRoom);
        var (forLow, forHigh) = RoomLinkKeys.Create(link.Name, low.Candidates[0], high.Candidates[0], options.Slots);
        var outcomes = await Task.WhenAll(ReplaceAsync(link.Low, forLow), ReplaceAsync(link.High, forHigh));
        return new NodeAnswered(link, outcomes.FirstOrDefault(outcome => outcome != NodeOutcome.Done));

        Task<NodeOutcome> ReplaceAsync(Room room, Proto.AddLink next)
        {
            var previous = link.InPlaceOf is { } name ? new[] { Unlink(name) } : [];
            return SendAsync(room, [.. previous, new Proto.NodeOrder { AddLink = next }]);
        }
    });

    private Task<NodeAnswered> UnlinkAsync(UnlinkRoom unlink) => InOrder(unlink.Pair, async () =>
        new NodeAnswered(unlink, await SendAsync(unlink.Room, Unlink(unlink.Name))));

    private static Proto.NodeOrder Remove(MemberNumber number) => new() { RemoveEndpoint = new() { Number = number.Value } };

    private static Proto.NodeOrder Unlink(string link) => new() { RemoveLink = new() { Link = link } };

    private async Task<Proto.NodeOrder> OpenAsync()
    {
        var identity = await grains.GetGrain<IDtlsIdentityGrain>(0).Get();
        return new Proto.NodeOrder
        {
            OpenRoom = new()
            {
                Slots = (uint)options.Slots,
                Identity = new()
                {
                    Certificate = ByteString.CopyFrom(identity.Certificate),
                    PrivateKey = ByteString.CopyFrom(identity.PrivateKey),
                },
            },
        };
    }

    private NodeOutcome Opened(Room room, Proto.Outcome outcome)
    {
        if (outcome.OpenedRoom is { } opened)
            _open[room.Epoch] = NodeReplies.Read(opened);
        return NodeOutcomes.Of(outcome.Code);
    }

    private static SfuOffer Offer(
        EndpointRef endpoint, OpenedRoom room, string ufrag, string pwd, string fingerprint, ImmutableArray<Ssrc> slots) => new()
        {
            Epoch = endpoint.Layout,
            IceUfrag = ufrag,
            IcePwd = pwd,
            Fingerprint = fingerprint,
            Candidates = room.Candidates,
            SlotSsrcs = slots,
            Region = endpoint.Room.Region,
        };

    /// <summary>Sends orders for a room as one batch, and returns the outcome of the last order.</summary>
    private async Task<NodeOutcome> SendAsync(Room room, params Proto.NodeOrder[] orders) =>
        NodeOutcomes.Of((await SendAllAsync(room, orders))[^1].Code);

    private async Task<IList<Proto.Outcome>> SendAllAsync(Room room, params Proto.NodeOrder[] orders)
    {
        // An order may be sent long after the decision: the channel may be active on another silo by now, with the same rooms.
        await gate.RequireAsync();
        return await SendFencedAsync(room.Epoch, orders, grains.GetGrain<IMediaNodeOrdersGrain>(room.Node.Value).Execute);
    }

    /// <summary>Sends orders of this activation. An activation that is superseded, or that cannot take the fence, sends none.</summary>
    private async Task<IList<Proto.Outcome>> SendFencedAsync(
        RoomEpoch epoch, Proto.NodeOrder[] orders, Func<EncodedOrders, Task<EncodedOutcomes>> send)
    {
        foreach (var order in orders)
        {
            order.Room = new() { Channel = channel.Value, Epoch = (uint)epoch.Value };
            order.Incarnation = (ulong)fence.Incarnation;
        }

        var batch = new Proto.OrderBatch { Orders = { orders } };
        // An order may start within a step of the channel, and a write begins with a step.
        if (!fence.IsTaken)
            await Task.Yield();
        if (!await fence.TakeAsync())
            return NoAnswer();
        var outcomes = (await send(EncodedOrders.Of(batch))).Decode().Outcomes;
        // The storage decides whether the node is right. If it does not answer, the channel must not react to the refusal.
        var isRefused = outcomes.Any(outcome => outcome.Code == Proto.OutcomeCode.Superseded);
        return isRefused && !await fence.RetakeAsync() ? NoAnswer() : outcomes;

        IList<Proto.Outcome> NoAnswer() =>
            NodeOutcomes.ForAll(batch, fence.IsLost ? Proto.OutcomeCode.Superseded : Proto.OutcomeCode.Unreachable).Outcomes;
    }

    private Task<NodeAnswered> InOrder(EndpointOrder order, Func<Task<NodeAnswered>> execute) =>
        InOrder((order.Endpoint.Room.Epoch, order.Endpoint.Number), execute);

    /// <summary>Executes work after all earlier work with the same key has ended.</summary>
    /// <param name="key">An endpoint of a room, or a pair of rooms.</param>
    private async Task<T> InOrder<T>(object key, Func<Task<T>> execute)
    {
        var previous = _tails.GetValueOrDefault(key, Task.CompletedTask);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tails[key] = done.Task;
        await previous;
        try
        {
            return await execute();
        }
        finally
        {
            done.SetResult();
            if (_tails[key] == done.Task)
                _tails.Remove(key);
        }
    }
}
