using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

internal sealed partial class ChannelGrain
{
    [LoggerMessage(LogLevel.Information, "Channel {Channel} has a new member: session {Session}, number {Number}, through {Gateway}; {Members} are in it")]
    private partial void LogJoined(ChannelId channel, SessionId session, MemberNumber number, string gateway, int members);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} has lost session {Session}: {Reason}")]
    private partial void LogLeft(ChannelId channel, SessionId session, LeaveReason reason);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} plays epoch {Epoch} in {Mode} ({Reason}) after {Took}")]
    private partial void LogSwitched(ChannelId channel, LayoutEpoch epoch, ChannelMode mode, ModeReason reason, TimeSpan took);

    [LoggerMessage(LogLevel.Information, "Channel {Channel} is here as incarnation {Incarnation} with {Members} members")]
    private partial void LogActivated(ChannelId channel, long incarnation, int members);

    [LoggerMessage(LogLevel.Warning, "Gateway {Gateway} does not listen to channel {Channel} any more")]
    private partial void LogGatewayLost(Exception exception, string gateway, ChannelId channel);

    [LoggerMessage(LogLevel.Error, "Channel {Channel} could not store its state")]
    private partial void LogNotStored(Exception exception, ChannelId channel);
}
