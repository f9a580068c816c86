namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>An event as it is sent to one receiver.</summary>
/// <param name="Id">The same whenever and to whomever it is sent: <c>channel/number</c>.</param>
/// <param name="Json">The whole object, written when it happened, so that no later version reads it otherwise.</param>
/// <param name="Sequence">Counts the events of its channel for its receiver, from 1.</param>
[GenerateSerializer, Immutable, Alias("hype.WebhookEvent")]
public sealed record WebhookEvent([property: Id(0)] string Id, [property: Id(1)] string Json, [property: Id(2)] long Sequence = 0);
