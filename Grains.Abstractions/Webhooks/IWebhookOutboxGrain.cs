using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>
/// One of as many outboxes as the list of channels has shards (<see cref="IChannelIndexGrain.ShardOf"/>): events that the application's
/// server has not acknowledged. All those of a channel are in one outbox, so that they stay in their order.
/// </summary>
[Alias("hype.IWebhookOutboxGrain")]
public interface IWebhookOutboxGrain : IGrainWithIntegerKey
{
    /// <summary>Completes when the events are stored; from then on neither a silo's death nor a receiver that is away loses them.</summary>
    /// <param name="events">Of one channel, in order.</param>
    [Alias("Append")]
    Task Append(WebhookEvent[] events);

    /// <summary>Silos say so again and again, so that what an earlier activation stored is sent.</summary>
    [Alias("Wake")]
    Task Wake();
}
