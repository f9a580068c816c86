using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>The content of one request from an outbox to a receiver.</summary>
/// <param name="Lost">Events dropped since the receiver last acknowledged a batch.</param>
internal sealed record WebhookBatch(List<WebhookEvent> Events, long Lost)
{
    /// <summary>The id of the request: the id of its only event, or the ids of its first and its last event.</summary>
    public string Id => Events.Count == 1 ? Events[0].Id : $"{Events[0].Id}..{Events[^1].Id}";
}
