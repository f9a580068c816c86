using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Notifies channels about their media node. It notifies all of them in parallel, and an unreachable channel does not delay the others:
/// that channel verifies its rooms when it is activated again. Runs on the scheduler of the node's grain.
/// </summary>
/// <param name="node">The node that the notifications are about.</param>
/// <param name="channels">Returns the grain of a channel.</param>
internal sealed partial class ChannelNotifier(MediaNodeId node, Func<ChannelId, IChannelGrain> channels, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// The timeout of a report of room events to a channel. A channel on a silo that has just failed must not delay the other channels, or
    /// the node: the node leaves a gateway that does not acknowledge within a second.
    /// </summary>
    internal static readonly TimeSpan EventTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The timeout of a report for <see cref="ShortTimeoutPeriod"/> after a channel timed out, so that a thousand channels of a failed
    /// silo do not delay each acknowledgement. It is far longer than a call to a live channel takes.
    /// </summary>
    internal static readonly TimeSpan ShortEventTimeout = TimeSpan.FromMilliseconds(50);

    internal static readonly TimeSpan ShortTimeoutPeriod = TimeSpan.FromSeconds(2);

    /// <summary>The timeout for notifying channels of their lost rooms: the registration of a restarted node waits for it.</summary>
    internal static readonly TimeSpan LossTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of channels that are notified at the same time of found rooms. A node may name any channel, and each named one is
    /// activated, with a reading of the database.
    /// </summary>
    internal const int FoundAtOnce = 32;

    private readonly ILogger _logger = logger;
    private readonly Dictionary<ChannelId, Task> _reports = [];
    private long? _timedOutAt;

    /// <summary>The rooms of which the next channels must be notified; null: there are none.</summary>
    private IReadOnlyCollection<HeldRoom>? _found;

    private Task _notifyingOfFound = Task.CompletedTask;

    /// <summary>Reports room events to their channels, and returns the channels that did not answer in time.</summary>
    public async Task<ChannelId[]> ReportAsync(RoomEvent[] events)
    {
        var timeout = _timedOutAt is { } at && time.GetElapsedTime(at) < ShortTimeoutPeriod ? ShortEventTimeout : EventTimeout;
        var reports = await Task.WhenAll(events.GroupBy(roomEvent => roomEvent.Channel).Select(async channel =>
            (Channel: channel.Key, Delivered: await ReportAsync(channel.Key, [.. channel], timeout))));
        ChannelId[] undelivered = [.. reports.Where(report => !report.Delivered).Select(report => report.Channel)];
        if (undelivered.Length > 0)
            _timedOutAt = time.GetTimestamp();
        return undelivered;
    }

    /// <summary>Notifies channels that their node is draining, so that they move their rooms to other nodes.</summary>
    public void NodeDraining(IEnumerable<ChannelId> affected)
    {
        foreach (var channel in affected)
            _ = NotifyAsync(channel, nameof(IChannelGrain.NodeDraining), grain => grain.NodeDraining(node));
    }

    /// <summary>
    /// Notifies channels that their node is lost with its rooms. Completes when all channels have answered, or after
    /// <see cref="LossTimeout"/>.
    /// </summary>
    public Task NodeLostAsync(IEnumerable<ChannelId> affected, TimeSpan silentFor, TimeSpan ackedFor)
    {
        var notified = Task.WhenAll(affected.Select(channel =>
            NotifyAsync(channel, nameof(IChannelGrain.NodeLost), grain => grain.NodeLost(node, silentFor, ackedFor))));
        return Task.WhenAny(notified, Task.Delay(LossTimeout, time));
    }

    /// <summary>
    /// Notifies channels of the rooms that their node holds. A channel closes the rooms that it does not use. If a channel does not
    /// answer, its rooms close later, because it does not renew them.
    /// </summary>
    public void RoomsFound(IReadOnlyCollection<HeldRoom> rooms)
    {
        _found = rooms;
        if (_notifyingOfFound.IsCompleted)
            _notifyingOfFound = RoomsFoundAsync();
    }

    /// <summary>Forgets the reports in progress, because they belong to a node process that no longer runs.</summary>
    public void Clear() => _reports.Clear();

    /// <summary>A list that arrives meanwhile replaces the rest of this one: it contains the same rooms if they are still there.</summary>
    private async Task RoomsFoundAsync()
    {
        while (_found is { } rooms)
        {
            _found = null;
            foreach (var part in rooms.GroupBy(room => room.Channel).Chunk(FoundAtOnce).TakeWhile(_ => _found is null))
            {
                await Task.WhenAll(part.Select(channel =>
                {
                    RoomEpoch[] epochs = [.. channel.Select(room => room.Epoch)];
                    return NotifyAsync(channel.Key, nameof(IChannelGrain.RoomsFound), grain => grain.RoomsFound(node, epochs));
                }));
            }
        }
    }

    /// <summary>
    /// Reports room events to one channel. A channel that has not answered its previous report yet receives no further one, and counts as
    /// undelivered.
    /// </summary>
    private async Task<bool> ReportAsync(ChannelId channel, RoomEvent[] events, TimeSpan timeout)
    {
        if (_reports.TryGetValue(channel, out var previous) && !previous.IsCompleted)
            return false;
        var report = channels(channel).NodeReported(node, events);
        _reports[channel] = report;
        var delivered = await NotifyAsync(channel, nameof(IChannelGrain.NodeReported), _ => report.WaitAsync(timeout, time));
        if (report.IsCompleted)
            _reports.Remove(channel);
        return delivered;
    }

    private async Task<bool> NotifyAsync(ChannelId channel, string notification, Func<IChannelGrain, Task> notify)
    {
        try
        {
            await notify(channels(channel));
            return true;
        }
        catch (Exception exception)
        {
            LogUndelivered(exception, channel, notification, node);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to notify channel {Channel} of {Notification} from media node {Node}")]
    private partial void LogUndelivered(Exception exception, ChannelId channel, string notification, MediaNodeId node);
}
