using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

internal sealed partial class EffectRunner
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Channel {Channel} has room {Epoch} of layout {Layout} on {Node} in {Region} after {Took}")]
    private partial void LogRoomOpened(
        ChannelId channel, RoomEpoch epoch, LayoutEpoch layout, MediaNodeId node, RegionId region, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Information, Message = "Channel {Channel} closes room {Epoch} on {Node}")]
    private partial void LogRoomClosed(ChannelId channel, RoomEpoch epoch, MediaNodeId node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} found no media node for layout {Layout} in {Region}: {Outcome}")]
    private partial void LogNoNode(ChannelId channel, LayoutEpoch layout, RegionId region, NodeOutcome outcome);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Member {Number} of channel {Channel} moves to {Node}: its endpoint is revived there")]
    private partial void LogRevived(ChannelId channel, MemberNumber number, MediaNodeId node);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The endpoint of member {Number} of channel {Channel} could not be revived on {Node}: {Outcome}")]
    private partial void LogNotRevived(ChannelId channel, MemberNumber number, MediaNodeId node, NodeOutcome outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} could not link its rooms {Pair}: {Outcome}")]
    private partial void LogNotLinked(ChannelId channel, RoomPair pair, NodeOutcome outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} lost its room of epoch {Epoch} on {Node}: {Outcome}")]
    private partial void LogRoomUnusable(ChannelId channel, RoomEpoch epoch, MediaNodeId node, NodeOutcome outcome);
}
