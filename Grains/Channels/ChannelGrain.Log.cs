using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

internal sealed partial class ChannelGrain
{
    [LoggerMessage(
        Level = LogLevel.Information, Message = "Channel {Channel} activated as incarnation {Incarnation} with {Members} members")]
    private partial void LogActivated(ChannelId channel, long incarnation, int members);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Incarnation {Incarnation} of channel {Channel} ends, because a later one has taken over")]
    private partial void LogSuperseded(ChannelId channel, long incarnation);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Session {Session} joined channel {Channel} as member {Number} through gateway {Gateway}; it has {Members} members")]
    private partial void LogJoined(ChannelId channel, SessionId session, MemberNumber number, string gateway, int members);
}
