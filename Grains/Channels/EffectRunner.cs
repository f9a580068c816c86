using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>
/// Has the channel's orders carried out by media nodes: each answer, refusal and silence becomes a step of <see cref="ChannelMachine"/>.
/// Belongs to the grain and runs on its scheduler.
/// </summary>
/// <param name="carryOut">Ends a step of the machine.</param>
/// <param name="gone">The channel leaves this silo.</param>
internal sealed partial class EffectRunner(
    ChannelId channel, ChannelMachine machine, NodeOrders rooms, BackgroundWork errands, GrainMetrics metrics, TimeProvider time, Action carryOut, ILogger logger, CancellationToken gone)
{
    /// <summary>How long a restored channel looks for its rooms before they count as lost.</summary>
    private static readonly TimeSpan VerifyPatience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan UnavailablePause = TimeSpan.FromMilliseconds(500);

    /// <summary>Renewals that a node may leave unanswered, <see cref="ChannelOptions.IndexRenewal"/> apart: then nobody holds its lease.</summary>
    private const int RenewalsUnanswered = 3;

    private readonly Dictionary<RoomEpoch, int> _unanswered = [];
    private readonly ILogger _logger = logger;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Carries out what the channel has decided about a room, an endpoint or a link; the answer is another step of the channel.</summary>
    public void Give(ChannelEffect effect)
    {
        switch (effect)
        {
            case PlaceRoom place:
                errands.Start(() => PlaceAsync(place), "place a room");
                break;
            case VerifyRoom verify:
                errands.Start(() => VerifyAsync(verify.Room), "look after its room");
                break;
            case CloseRoom close:
                LogRoomClosed(channel, close.Epoch, close.Node);
                errands.Start(() => rooms.Close(close), "close a room");
                break;
            case AddEndpoint add:
                errands.Start(() => AddEndpointAsync(add), "add an endpoint");
                break;
            case ReviveEndpoint revive:
                errands.Start(() => MoveAsync(revive.Layout, revive.Room, revive.Member.Number, revive.Generation, () => rooms.Revive(revive)), "revive an endpoint");
                break;
            case HandOver hand:
                errands.Start(() => MoveAsync(hand.Layout, hand.Room, hand.Member.Number, hand.Generation, () => rooms.HandOver(hand)), "hand an endpoint over");
                break;
            case RestartIce restart:
                errands.Start(() => RestartIceAsync(restart), "restart ICE");
                break;
            case UpdateEndpoint update:
                errands.Start(() => UpdateEndpointAsync(update), "update an endpoint");
                break;
            case RemoveEndpoint remove:
                errands.Start(() => InsistAsync(() => rooms.Remove(remove), () => machine.Wants(remove)), "remove an endpoint");
                break;
            case LinkRooms link:
                errands.Start(() => LinkAsync(link), "link two rooms");
                break;
            case UnlinkRoom unlink:
                errands.Start(() => rooms.Unlink(unlink), "unlink a room");
                break;
        }
    }

    /// <summary>Has the room's node know that it is still wanted.</summary>
    public void Renew(RoomAssignment room) => errands.Start(() => RenewAsync(room), "renew a room");

    private async Task PlaceAsync(PlaceRoom place)
    {
        var opened = (VoiceError.Internal, (Room?)null);
        var asked = time.GetTimestamp();
        try
        {
            opened = await rooms.Place(place);
        }
        finally
        {
            metrics.Placed(opened.Item1);
            // Also after an exception: a layout must never wait for an answer that will not come.
            if (opened is (VoiceError.None, { } room))
            {
                LogRoomOpened(channel, room.Epoch, place.Layout, room.Node, room.Region, time.GetElapsedTime(asked));
                machine.RoomOpened(place.Layout, place.Region, room, Now);
            }
            else
            {
                LogNoNode(channel, place.Layout, place.Region, opened.Item1);
                machine.PlacementFailed(place.Layout, place.Region, Now);
            }

            carryOut();
        }
    }

    private async Task VerifyAsync(Room room)
    {
        var listed = ListedEndpoints.Failed(VoiceError.Unavailable);
        try
        {
            // The node's own grain may have died with the same silo, and the node needs a moment to find the new one. People talk meanwhile.
            for (var end = Now + VerifyPatience; listed.Error != VoiceError.None && !IsGone(listed.Error) && Now < end;)
            {
                listed = await TryVerifyAsync(room);
                if (listed.Error != VoiceError.None)
                    await Task.Delay(VerifyPause, time);
            }
        }
        finally
        {
            if (listed.Error == VoiceError.None)
                machine.RoomVerified(room, listed, Now);
            else
                LoseRoom(room.Epoch, room.Node, listed.Error);
            carryOut();
        }
    }

    private async Task<ListedEndpoints> TryVerifyAsync(Room room)
    {
        try
        {
            return await rooms.Verify(room);
        }
        catch (Exception exception)
        {
            errands.Failed(exception, "look after its room");
            return ListedEndpoints.Failed(VoiceError.Unavailable);
        }
    }

    private async Task AddEndpointAsync(AddEndpoint add)
    {
        var (error, offer) = (VoiceError.Internal, (SfuOffer?)null);
        try
        {
            (error, offer) = await rooms.Add(add);
            // A node that does not answer may in a moment, or be found dead: a member's few tries are not spent before that.
            if (error == VoiceError.Unavailable)
                await Task.Delay(UnavailablePause, time);
        }
        finally
        {
            if (offer is not null)
                machine.EndpointAdded(add, offer, Now);
            else
                Refused(error, add.Layout, add.Room, add.Member.Number, add.Generation);
            carryOut();
        }
    }

    private async Task MoveAsync(LayoutEpoch layout, Room room, MemberNumber number, int generation, Func<Task<(VoiceError Error, SfuOffer? Destination)>> move)
    {
        var (error, destination) = (VoiceError.Internal, (SfuOffer?)null);
        try
        {
            (error, destination) = await move();
        }
        finally
        {
            if (destination is not null)
            {
                LogRevived(channel, number, room.Node);
                machine.EndpointRevived(layout, room, number, generation, destination, Now);
            }
            else
            {
                LogNotMoved(channel, number, room.Node, error);
                machine.EndpointRefused(layout, room, number, generation, Now);
            }

            carryOut();
        }
    }

    private async Task RestartIceAsync(RestartIce restart)
    {
        var offer = (SfuOffer?)null;
        try
        {
            (_, offer) = await rooms.RestartIce(restart);
        }
        finally
        {
            if (offer is not null)
                machine.IceRestarted(restart.Layout, restart.Room, restart.Number, restart.Generation, offer, Now);
            else
                machine.EndpointRefused(restart.Layout, restart.Room, restart.Number, restart.Generation, Now);
            carryOut();
        }
    }

    private async Task LinkAsync(LinkRooms link)
    {
        var error = VoiceError.Internal;
        try
        {
            error = await rooms.Link(link);
        }
        finally
        {
            if (error == VoiceError.None)
            {
                machine.Linked(link.Pair, link.Name, Now);
            }
            else
            {
                LogNotLinked(channel, link.Pair, error);
                machine.LinkFailed(link.Pair, Now);
            }

            carryOut();
        }
    }

    private void Refused(VoiceError error, LayoutEpoch layout, Room room, MemberNumber number, int generation)
    {
        if (IsGone(error))
            LoseRoom(room.Epoch, room.Node, error);
        else
            machine.EndpointRefused(layout, room, number, generation, Now);
    }

    private async Task UpdateEndpointAsync(UpdateEndpoint update)
    {
        if (await InsistAsync(() => rooms.Update(update), () => machine.Wants(update)) == VoiceError.UnknownRoom && machine.IsAt(update))
        {
            machine.EndpointLost(update.Layout, update.Member.Number, Now);
            carryOut();
        }
    }

    /// <summary>
    /// Who was muted, deafened or sent away must not go on at a node that did not answer for a moment: the order is given again, until it is
    /// carried out, or void: by a newer one, or because the room is gone.
    /// </summary>
    private async Task<VoiceError> InsistAsync(Func<Task<VoiceError>> order, Func<bool> wanted)
    {
        while (true)
        {
            var error = await TryAsync(order);
            if (error != VoiceError.Unavailable)
                return error;

            await Task.Delay(UnavailablePause, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            // The next activation asks the node who is there, and says anew what each may.
            if (gone.IsCancellationRequested || !wanted())
                return error;
        }
    }

    /// <summary>The node's grain may have died with its silo: then nobody answered.</summary>
    private async Task<VoiceError> TryAsync(Func<Task<VoiceError>> order)
    {
        try
        {
            return await order();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
        {
            errands.Failed(exception, "give a node an order");
            return VoiceError.Unavailable;
        }
    }

    /// <summary>The node says so itself. Silence is the lease's business: a call that failed must not end a room in which people talk.</summary>
    private static bool IsGone(VoiceError error) => error is VoiceError.UnknownRoom or VoiceError.StaleEpoch;

    private void LoseRoom(RoomEpoch epoch, MediaNodeId node, VoiceError error)
    {
        LogRoomRefused(channel, epoch, node, error);
        machine.RoomLost(epoch, node, Now);
    }

    private async Task RenewAsync(RoomAssignment room)
    {
        var error = await rooms.Renew(room);
        if (error == VoiceError.Unavailable)
            _unanswered[room.Epoch] = _unanswered.GetValueOrDefault(room.Epoch) + 1;
        else
            _unanswered.Remove(room.Epoch);
        if (!IsGone(error) && _unanswered.GetValueOrDefault(room.Epoch) < RenewalsUnanswered)
            return;

        _unanswered.Remove(room.Epoch);
        LoseRoom(room.Epoch, room.Node, error);
        carryOut();
    }
}
