using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Cascade;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

internal sealed partial class EffectRunner
{
    [LoggerMessage(LogLevel.Information, "Channel {Channel} has room {Epoch} of layout {Layout} on {Node} in {Region} after {Took}")]
    private partial void LogRoomOpened(ChannelId channel, RoomEpoch epoch, LayoutEpoch layout, MediaNodeId node, RegionId region, TimeSpan took);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} gives up room {Epoch} on {Node}")]
    private partial void LogRoomClosed(ChannelId channel, RoomEpoch epoch, MediaNodeId node);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} found no media node for layout {Layout} in {Region}: {Error}")]
    private partial void LogNoNode(ChannelId channel, LayoutEpoch layout, RegionId region, VoiceError error);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} moves participant {Number} to {Node}: it is revived and told")]
    private partial void LogRevived(ChannelId channel, MemberNumber number, MediaNodeId node);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not move participant {Number} to {Node} under its keys: {Error}")]
    private partial void LogNotMoved(ChannelId channel, MemberNumber number, MediaNodeId node, VoiceError error);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not link its rooms {Pair}: {Error}")]
    private partial void LogNotLinked(ChannelId channel, RoomPair pair, VoiceError error);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not use its room of epoch {Epoch} on {Node}: {Error}")]
    private partial void LogRoomRefused(ChannelId channel, RoomEpoch epoch, MediaNodeId node, VoiceError error);
}
