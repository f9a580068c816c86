using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Effects;

/// <summary>A decision of the channel that its grain carries out. The effects of a step are carried out in order.</summary>
internal abstract record ChannelEffect;

/// <summary>Sends an event to all gateways.</summary>
internal sealed record PublishToAll(ChannelEvent Event) : ChannelEffect;

/// <summary>Sends an event to the gateway that holds a session.</summary>
internal sealed record NotifySession(string GatewayId, ChannelEvent Event) : ChannelEffect;

/// <summary>Notifies the mailbox and the identity of a session that the session is over.</summary>
internal sealed record EndSession(SessionId Session, string Identity, LeaveReason Reason) : ChannelEffect;

/// <summary>Records in the metrics that a client has reached its endpoint at another node, or starts a new connection to it.</summary>
internal sealed record Moved(MoveWay Way, TimeSpan Took) : ChannelEffect;

/// <summary>Records in the metrics, the trace and the log that a layout was committed.</summary>
internal sealed record Switched(Layout Layout, TimeSpan Took) : ChannelEffect;
