using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.MediaNodes;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>
/// Has the channel's orders carried out by media nodes: each answer, refusal and timeout becomes one <see cref="NodeAnswered"/>. Belongs to
/// the grain and runs on its scheduler.
/// </summary>
/// <param name="wanted">Tells whether an order that is being retried is still wanted.</param>
/// <param name="answered">Takes the answers: each is an input of the channel.</param>
/// <param name="gone">The channel leaves this silo.</param>
internal sealed partial class EffectRunner(
    ChannelId channel,
    NodeOrders rooms,
    IWantedOrders wanted,
    Action<NodeAnswered> answered,
    BackgroundWork errands,
    GrainMetrics metrics,
    TimeProvider time,
    ILogger logger,
    CancellationToken gone)
{
    /// <summary>How long a restored channel looks for its rooms before they count as lost.</summary>
    private static readonly TimeSpan VerifyTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Renewals in a row, <see cref="ChannelOptions.IndexRenewal"/> apart, that a node may leave unanswered: then no grain holds its lease.</summary>
    private const int MaxUnansweredRenewals = 3;

    private readonly Dictionary<RoomEpoch, int> _unanswered = [];
    private readonly ILogger _logger = logger;

    /// <summary>Starts an order; its answer is another step of the channel.</summary>
    public void Run(NodeOrder order)
    {
        switch (order)
        {
            case PlaceRoom place:
                errands.Start(() => PlaceAsync(place), "place a room");
                break;
            case VerifyRoom verify:
                errands.Start(() => VerifyAsync(verify), "verify a room");
                break;
            case RenewRoom renew:
                errands.Start(() => RenewAsync(renew), "renew a room");
                break;
            case CloseRoom close:
                LogRoomClosed(channel, close.Epoch, close.Node);
                errands.Start(() => rooms.Close(close), "close a room");
                break;
            case AddEndpoint add:
                errands.Start(() => AddEndpointAsync(add), "add an endpoint");
                break;
            case ReviveEndpoint revive:
                errands.Start(() => MoveAsync(revive, () => rooms.Revive(revive)), "revive an endpoint");
                break;
            case HandOver handOver:
                errands.Start(() => MoveAsync(handOver, () => rooms.HandOver(handOver)), "hand over an endpoint");
                break;
            case RestartIce restart:
                errands.Start(() => RestartIceAsync(restart), "restart ICE");
                break;
            case UpdateEndpoint update:
                errands.Start(() => UpdateEndpointAsync(update), "update an endpoint");
                break;
            case RemoveEndpoint remove:
                errands.Start(() => RetryAsync(() => rooms.Remove(remove), () => wanted.Wants(remove)), "remove an endpoint");
                break;
            case LinkRooms link:
                errands.Start(() => LinkAsync(link), "link two rooms");
                break;
            case UnlinkRoom unlink:
                errands.Start(() => rooms.Unlink(unlink), "unlink a room");
                break;
        }
    }

    private async Task PlaceAsync(PlaceRoom place)
    {
        var (error, room) = (VoiceError.Internal, (Room?)null);
        var started = time.GetTimestamp();
        try
        {
            (error, room) = await rooms.Place(place);
        }
        finally
        {
            metrics.Placed(error);
            if (room is not null)
                LogRoomOpened(channel, room.Epoch, place.Layout, room.Node, room.Region, time.GetElapsedTime(started));
            else
                LogNoNode(channel, place.Layout, place.Region, error);
            // Also after an exception: a layout must never wait for an answer that does not come.
            answered(new NodeAnswered(place, OutcomeOf(error)) { Room = room });
        }
    }

    private async Task VerifyAsync(VerifyRoom verify)
    {
        var listed = ListedEndpoints.Failed(VoiceError.Unavailable);
        try
        {
            // The node's grain may have been lost with the same silo, and the node needs a moment to find the new one. Media continues meanwhile.
            for (var end = time.GetUtcNow() + VerifyTimeout; listed.Error != VoiceError.None && !IsGone(listed.Error) && time.GetUtcNow() < end;)
            {
                listed = await TryVerifyAsync(verify.Room);
                if (listed.Error != VoiceError.None)
                    await Task.Delay(VerifyPause, time);
            }
        }
        finally
        {
            if (listed.Error != VoiceError.None)
                LogRoomRefused(channel, verify.Room.Epoch, verify.Room.Node, listed.Error);
            answered(new NodeAnswered(verify, OutcomeOf(listed.Error)) { Listed = listed.Error == VoiceError.None ? listed : null });
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
            errands.Failed(exception, "verify a room");
            return ListedEndpoints.Failed(VoiceError.Unavailable);
        }
    }

    private async Task RenewAsync(RenewRoom renew)
    {
        var error = await rooms.Renew(renew);
        if (error == VoiceError.Unavailable)
            _unanswered[renew.Epoch] = _unanswered.GetValueOrDefault(renew.Epoch) + 1;
        else
            _unanswered.Remove(renew.Epoch);
        if (!IsGone(error) && _unanswered.GetValueOrDefault(renew.Epoch) < MaxUnansweredRenewals)
            return;

        _unanswered.Remove(renew.Epoch);
        LogRoomRefused(channel, renew.Epoch, renew.Node, error);
        answered(new NodeAnswered(renew, OutcomeOf(error)));
    }

    private async Task AddEndpointAsync(AddEndpoint add)
    {
        var (error, offer) = (VoiceError.Internal, (SfuOffer?)null);
        try
        {
            (error, offer) = await rooms.Add(add);
            // The node may answer a moment later, or be declared dead: the member's few attempts must not be spent before that.
            if (error == VoiceError.Unavailable)
                await Task.Delay(RetryPause, time);
        }
        finally
        {
            if (IsGone(error))
                LogRoomRefused(channel, add.Endpoint.Room.Epoch, add.Endpoint.Room.Node, error);
            answered(new NodeAnswered(add, OutcomeOf(error)) { Offer = offer });
        }
    }

    private async Task MoveAsync(EndpointOrder order, Func<Task<(VoiceError Error, SfuOffer? Destination)>> move)
    {
        var (error, destination) = (VoiceError.Internal, (SfuOffer?)null);
        try
        {
            (error, destination) = await move();
        }
        finally
        {
            if (destination is not null)
                LogRevived(channel, order.Endpoint.Number, order.Endpoint.Room.Node);
            else
                LogNotMoved(channel, order.Endpoint.Number, order.Endpoint.Room.Node, error);
            answered(new NodeAnswered(order, OutcomeOf(error)) { Offer = destination });
        }
    }

    private async Task RestartIceAsync(RestartIce restart)
    {
        var (error, offer) = (VoiceError.Internal, (SfuOffer?)null);
        try
        {
            (error, offer) = await rooms.RestartIce(restart);
        }
        finally
        {
            answered(new NodeAnswered(restart, OutcomeOf(error)) { Offer = offer });
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
            if (error != VoiceError.None)
                LogNotLinked(channel, link.Pair, error);
            answered(new NodeAnswered(link, OutcomeOf(error)));
        }
    }

    private async Task UpdateEndpointAsync(UpdateEndpoint update)
    {
        var error = await RetryAsync(() => rooms.Update(update), () => wanted.Wants(update));
        // An order that was carried out, or is void, changes nothing in the channel.
        if (error == VoiceError.UnknownRoom)
            answered(new NodeAnswered(update, OutcomeOf(error)));
    }

    /// <summary>
    /// A member that was muted, deafened or removed must not go on at a node that did not answer for a moment: the order is repeated until
    /// the node carried it out, or until it is void because of a newer order or because the room is gone.
    /// </summary>
    private async Task<VoiceError> RetryAsync(Func<Task<VoiceError>> order, Func<bool> isWanted)
    {
        while (true)
        {
            var error = await TryAsync(order);
            if (error != VoiceError.Unavailable)
                return error;

            await Task.Delay(RetryPause, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            // The next activation lists the endpoints of each room and sends their permissions again.
            if (gone.IsCancellationRequested || !isWanted())
                return error;
        }
    }

    /// <summary>The node's grain may have been lost with its silo: then there is no answer.</summary>
    private async Task<VoiceError> TryAsync(Func<Task<VoiceError>> order)
    {
        try
        {
            return await order();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
        {
            errands.Failed(exception, "send an order to a node");
            return VoiceError.Unavailable;
        }
    }

    /// <summary>Only the node itself can report that a room is gone. Silence is judged by its lease: a call that failed must not end a room.</summary>
    private static bool IsGone(VoiceError error) => error is VoiceError.UnknownRoom or VoiceError.StaleEpoch;

    private static NodeOutcome OutcomeOf(VoiceError error) => error switch
    {
        VoiceError.None => NodeOutcome.Done,
        VoiceError.NoMediaNode => NodeOutcome.NoCapacity,
        VoiceError.Unavailable => NodeOutcome.Unreachable,
        VoiceError.UnknownRoom => NodeOutcome.UnknownRoom,
        VoiceError.StaleEpoch => NodeOutcome.StaleEpoch,
        VoiceError.InvalidAnswer => NodeOutcome.InvalidFingerprint,
        _ => NodeOutcome.Failed,
    };
}
