using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Orleans.CodeGeneration;

namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>
/// Stores the webhook events that one receiver has not acknowledged. The key is a shard number of the channel index
/// (<see cref="IChannelIndexGrain.ShardOf"/>) and the name of the receiver. All events of a channel for a receiver are in one outbox, so
/// their order is preserved, and a receiver that does not answer delays no other receiver.
/// </summary>
[Alias("hype.IWebhookOutboxGrain"), Version(1)]
public interface IWebhookOutboxGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>
    /// Stores events; from then on neither a failed silo nor a failing receiver can lose them. The call may be repeated: events with known
    /// ids are ignored.
    /// </summary>
    /// <param name="channel">The channel of the events.</param>
    /// <param name="events">In order; there may be none.</param>
    /// <param name="final">
    /// No member is in the channel and these were its last events. Until a channel's final call the outbox activates the channel
    /// periodically: otherwise events that the channel stored and did not send, and the departure of members after a power failure of the
    /// whole cluster, would wait for the channel's next member.
    /// </param>
    [Alias("Store"), Idempotent]
    Task Store(ChannelId channel, WebhookEvent[] events, bool final);

    /// <summary>
    /// Activates the outbox, so that it sends the events that an earlier activation stored. Each silo makes this call periodically.
    /// </summary>
    [Alias("Wake"), Idempotent]
    Task Wake();
}
