using Microsoft.Extensions.Logging;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

internal sealed partial class MediaNodeGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Media node {Node} of region {Region} registered as {Incarnation} at {Url}")]
    private partial void LogRegistered(MediaNodeId node, RegionId region, Guid incarnation, string url);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Media node {Node} is gone: incarnation {Incarnation} was suspected {SuspectedAfter:0} ms "
            + "after its last heartbeat, because {Suspicion}, "
            + "and its lease ended {EndedAfter:0} ms after it, because no probe was answered")]
    private partial void LogLeaseEnded(MediaNodeId node, Guid incarnation, string suspicion, double suspectedAfter, double endedAfter);

    [LoggerMessage(Level = LogLevel.Information, Message = "Media node {Node}: drain requested: {Draining}")]
    private partial void LogDrainRequested(MediaNodeId node, bool draining);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Media node {Node} is draining: {Endpoints} endpoints of {Channels} channels must move")]
    private partial void LogDraining(MediaNodeId node, int endpoints, int channels);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Region {Region} did not acknowledge the status of media node {Node} in time")]
    private partial void LogRegionSilent(Exception exception, RegionId region, MediaNodeId node);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Media node {Node} did not execute {Order} in room {Epoch} of {Channel}: {Outcome}")]
    private partial void LogNotExecuted(
        MediaNodeId node, Proto.NodeOrder.BodyOneofCase order, ChannelId channel, RoomEpoch epoch, Proto.OutcomeCode outcome);
}
