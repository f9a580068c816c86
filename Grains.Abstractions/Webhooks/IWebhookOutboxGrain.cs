using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>
/// Stores the events that a receiver has not acknowledged. Its key is a shard of the channel index
/// (<see cref="IChannelIndexGrain.ShardOf"/>) and the receiver's name. All events of a channel for a receiver are in one outbox, which
/// keeps their order; a receiver that does not answer fills only its own outboxes.
/// </summary>
[Alias("hype.IWebhookOutboxGrain")]
public interface IWebhookOutboxGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>
    /// Completes when the events are stored; from then on neither the death of a silo nor a failing receiver loses them. Idempotent:
    /// events with known ids are ignored.
    /// </summary>
    /// <param name="channel">The channel of the events.</param>
    /// <param name="events">In order; there may be none.</param>
    /// <param name="final">
    /// No member is in the channel and these were its last events. Until a channel's final call the outbox activates the channel
    /// periodically: otherwise events that the channel stored and did not send, and the departure of members after a power failure of the
    /// whole cluster, would wait for the channel's next member.
    /// </param>
    [Alias("Store")]
    Task Store(ChannelId channel, WebhookEvent[] events, bool final);

    /// <summary>Sends the events that an earlier activation stored. Each silo calls it periodically.</summary>
    [Alias("Wake")]
    Task Wake();
}
