namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>An event as it is sent.</summary>
/// <param name="Id">The same whenever it is sent: <c>channel/number</c>.</param>
/// <param name="Json">The whole object, written when it happened, so that no later version reads it otherwise.</param>
[GenerateSerializer, Immutable, Alias("hype.WebhookEvent")]
public sealed record WebhookEvent([property: Id(0)] string Id, [property: Id(1)] string Json);
