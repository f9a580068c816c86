using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>The content of one call from a channel to an outbox.</summary>
/// <param name="Final">No member is in the channel, and these were the last events.</param>
internal sealed record WebhookAppend(WebhookEvent[] Events, bool Final);
