using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Effects;

/// <summary>
/// An action that a channel decided on and that its grain must carry out. The grain carries out the effects of a step in order.
/// </summary>
internal abstract record ChannelEffect;

/// <summary>Sends an event to all gateways that hold sessions of the channel.</summary>
internal sealed record PublishToAll(ChannelEvent Event) : ChannelEffect;

/// <summary>Sends an event about one session to the gateway that holds its socket.</summary>
internal sealed record NotifySession(string GatewayId, ChannelEvent Event) : ChannelEffect;

/// <summary>Detaches the mailbox of a session from the gateway that held its socket: from then on, signals wait in the mailbox.</summary>
internal sealed record DetachSession(SessionId Session, string GatewayId) : ChannelEffect;

/// <summary>Unregisters an ended session at its mailbox and at its identity.</summary>
internal sealed record EndSession(SessionId Session, string Identity, LeaveReason Reason) : ChannelEffect;

/// <summary>
/// Records in the metrics that an endpoint moved to another node: the way in which its client followed, and the duration.
/// </summary>
internal sealed record Moved(MoveWay Way, TimeSpan Took) : ChannelEffect;

/// <summary>Records in the metrics and the log that a member sends more media than its node permits.</summary>
internal sealed record Flooded(SessionId Session, string Identity) : ChannelEffect;

/// <summary>Records in the metrics, the trace and the log that a layout was committed.</summary>
internal sealed record Switched(Layout Layout, TimeSpan Took) : ChannelEffect;
