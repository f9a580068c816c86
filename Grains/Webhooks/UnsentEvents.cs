using System.Collections.Immutable;
using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>
/// A channel's events for one receiver, stored with the decisions that they report until the receiver's outbox has them.
/// </summary>
/// <param name="Receiver">The receiver's name.</param>
/// <param name="LastSequence">The highest sequence number given so far.</param>
/// <param name="Events">The events that the outbox has not acknowledged.</param>
[GenerateSerializer, Immutable, Alias("hype.UnsentEvents")]
internal sealed record UnsentEvents(
    [property: Id(0)] string Receiver, [property: Id(1)] long LastSequence, [property: Id(2)] ImmutableArray<WebhookEvent> Events);
