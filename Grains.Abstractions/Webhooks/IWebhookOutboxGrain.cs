using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>
/// Events that a receiver has not acknowledged. Its key: a shard of the list of channels (<see cref="IChannelIndexGrain.ShardOf"/>) and the
/// receiver's name. All those of a channel for a receiver are in one outbox, so that they stay in their order; a receiver that is away fills only its own.
/// </summary>
[Alias("hype.IWebhookOutboxGrain")]
public interface IWebhookOutboxGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Completes when the events are stored; from then on neither a silo's death nor a receiver that is away loses them.</summary>
    /// <param name="channel">Whose they are.</param>
    /// <param name="events">In order; there may be none.</param>
    /// <param name="over">
    /// Nobody is in the channel and these were the last events. Until a channel has said so, the outbox sees to it that it lives: what it stored
    /// and did not hand over, and that people of a cluster which lost its power have left, would else be told when somebody comes again.
    /// </param>
    [Alias("Store")]
    Task Store(ChannelId channel, WebhookEvent[] events, bool over);

    /// <summary>As silos of the version say it that knew one receiver, whose outboxes have no receiver in their key.</summary>
    [Alias("Append")]
    Task Append(WebhookEvent[] events);

    /// <summary>Silos say so again and again, so that what an earlier activation stored is sent.</summary>
    [Alias("Wake")]
    Task Wake();
}
