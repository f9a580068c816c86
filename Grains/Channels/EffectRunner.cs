using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Diagnostics;
using Hype.Grains.MediaNodes;
using Hype.Grains.Silos;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>
/// Executes the channel's orders to media nodes in the background: retries the orders that must reach the node, and returns each answer to
/// the channel as an input. <see cref="NodeOrders"/> sends the orders. Runs on the scheduler of the channel's grain.
/// </summary>
/// <param name="wanted">Decides whether an order that is being repeated is still needed.</param>
/// <param name="answered">Takes the answers: each is an input of the channel.</param>
/// <param name="gone">Cancelled when the channel leaves this silo.</param>
internal sealed partial class EffectRunner(
    ChannelId channel,
    NodeOrders nodes,
    IWantedOrders wanted,
    Action<NodeAnswered> answered,
    BackgroundWork work,
    IMembershipGate gate,
    GrainMetrics metrics,
    TimeProvider time,
    ILogger logger,
    CancellationToken gone)
{
    /// <summary>
    /// The time for which a restored channel asks a node whether it still has a room of the channel, before the room counts as lost.
    /// </summary>
    internal static readonly TimeSpan VerifyTimeout = TimeSpan.FromSeconds(8);

    internal static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(250);

    internal static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between two attempts of an order that the node answers with a failure.</summary>
    internal static readonly TimeSpan MaxRetryPause = TimeSpan.FromSeconds(8);

    /// <summary>
    /// The number of consecutive unanswered renewals, <see cref="ChannelOptions.IndexRenewal"/> apart, after which the channel treats a
    /// room as lost. Such a long silence means that no grain monitors the node any longer.
    /// </summary>
    internal const int MaxUnansweredRenewals = 3;

    private readonly Dictionary<RoomEpoch, int> _unanswered = [];
    private readonly ILogger _logger = logger;

    /// <summary>Starts the execution of an order. An answer that the channel needs becomes an input of the channel.</summary>
    public void Run(NodeOrder order) => work.Start(() => RunAsync(order), $"execute {order.GetType().Name}");

    private async Task RunAsync(NodeOrder order)
    {
        var answer = new NodeAnswered(order, NodeOutcome.Failed);
        var started = time.GetTimestamp();
        if (order is CloseRoom close)
            LogRoomClosed(channel, close.Epoch, close.Node);
        try
        {
            answer = order switch
            {
                VerifyRoom verify => await VerifyAsync(verify),
                UpdateEndpoint update => await RetryAsync(order, () => wanted.Wants(update)),
                RemoveEndpoint remove => await RetryAsync(order, () => wanted.Wants(remove)),
                _ => await nodes.ExecuteAsync(order),
            };
            // The node may answer a moment later, or be declared dead. The member's few attempts must not be used up before that.
            if (answer is { Order: AddEndpoint, Outcome: NodeOutcome.Unreachable })
                await Task.Delay(RetryPause, time);
        }
        finally
        {
            // This also runs after an exception: a layout must never wait for an answer that does not come.
            if (IsNeeded(answer) && await gate.PassAsync())
            {
                Log(answer, time.GetElapsedTime(started));
                answered(answer);
            }
        }
    }

    /// <summary>
    /// Repeats the request for a room until the node lists its content, reports that it has no such room, or <see cref="VerifyTimeout"/>
    /// passes.
    /// </summary>
    private async Task<NodeAnswered> VerifyAsync(VerifyRoom verify)
    {
        // The node's grain may have been lost with the same silo, and the node needs a moment to find the new one. Media continues
        // meanwhile.
        for (var began = time.GetTimestamp(); ;)
        {
            var answer = await TryAsync(verify, exception => true);
            if (answer.Outcome == NodeOutcome.Done)
                return answer;
            await Task.Delay(VerifyPause, time);
            if (NodeOutcomes.RoomIsGone(answer.Outcome) || time.GetElapsedTime(began) >= VerifyTimeout)
                return answer;
        }
    }

    /// <summary>
    /// Repeats an order until the node has executed it, or until the channel no longer needs it. Without repetition, a node that missed
    /// one order could continue to forward a member that was muted, deafened or removed.
    /// </summary>
    private async Task<NodeAnswered> RetryAsync(NodeOrder order, Func<bool> isWanted)
    {
        for (var pause = RetryPause; ;)
        {
            // The node's grain may have been lost with its silo: then there is no answer.
            var answer = await TryAsync(order, _ => true);
            if (IsFinal(answer.Outcome))
                return answer;
            await Task.Delay(pause, time, gone)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            // A node that does not answer will: its loss is detected soon. A node that fails may do so for long.
            if (answer.Outcome != NodeOutcome.Unreachable && pause < MaxRetryPause)
                pause *= 2;
            // The next activation lists the endpoints of each room and sends their permissions again.
            if (gone.IsCancellationRequested || !isWanted())
                return answer;
        }
    }

    /// <summary>
    /// Returns true if the order was executed, or if there is nothing that it could change. After any other outcome the node may still
    /// forward the member.
    /// </summary>
    private static bool IsFinal(NodeOutcome outcome) =>
        outcome is NodeOutcome.Done or NodeOutcome.UnknownEndpoint || NodeOutcomes.RoomIsGone(outcome);

    private async Task<NodeAnswered> TryAsync(NodeOrder order, Func<Exception, bool> isSilence)
    {
        try
        {
            return await nodes.ExecuteAsync(order);
        }
        catch (Exception exception) when (isSilence(exception))
        {
            work.Failed(exception, $"execute {order.GetType().Name}");
            return new NodeAnswered(order, NodeOutcome.Unreachable);
        }
    }

    /// <summary>Returns false for an answer that changes nothing in the channel.</summary>
    private bool IsNeeded(NodeAnswered answer) => answer.Order switch
    {
        RenewRoom renew => IsLost(renew, answer.Outcome),
        UpdateEndpoint => answer.Outcome is NodeOutcome.UnknownRoom or NodeOutcome.UnknownEndpoint,
        CloseRoom or RemoveEndpoint or UnlinkRoom => false,
        _ => true,
    };

    /// <summary>
    /// Returns true if a room is lost: its node reports that it does not hold the room, or too many consecutive renewals were unanswered.
    /// </summary>
    private bool IsLost(RenewRoom renew, NodeOutcome outcome)
    {
        var unanswered = outcome == NodeOutcome.Unreachable ? _unanswered.GetValueOrDefault(renew.Epoch) + 1 : 0;
        var isLost = NodeOutcomes.RoomIsGone(outcome) || unanswered >= MaxUnansweredRenewals;
        if (isLost || unanswered == 0)
            _unanswered.Remove(renew.Epoch);
        else
            _unanswered[renew.Epoch] = unanswered;
        return isLost;
    }

    private void Log(NodeAnswered answer, TimeSpan took)
    {
        switch (answer.Order)
        {
            case PlaceRoom place:
                metrics.Placed(answer.Outcome);
                if (answer.Room is { } room)
                    LogRoomOpened(channel, room.Epoch, place.Layout, room.Node, room.Region, took);
                else
                    LogNoNode(channel, place.Layout, place.Region, answer.Outcome);
                break;
            case VerifyRoom verify when answer.Outcome != NodeOutcome.Done:
                LogRoomUnusable(channel, verify.Room.Epoch, verify.Room.Node, answer.Outcome);
                break;
            case RenewRoom renew:
                LogRoomUnusable(channel, renew.Epoch, renew.Node, answer.Outcome);
                break;
            case AddEndpoint add when NodeOutcomes.RoomIsGone(answer.Outcome):
                LogRoomUnusable(channel, add.Endpoint.Room.Epoch, add.Endpoint.Room.Node, answer.Outcome);
                break;
            case ReviveEndpoint or HandOver when ((EndpointOrder)answer.Order).Endpoint is var endpoint:
                if (answer.Offer is not null)
                    LogRevived(channel, endpoint.Number, endpoint.Room.Node);
                else
                    LogNotRevived(channel, endpoint.Number, endpoint.Room.Node, answer.Outcome);
                break;
            case LinkRooms link when answer.Outcome != NodeOutcome.Done:
                LogNotLinked(channel, link.Pair, answer.Outcome);
                break;
        }
    }
}
