using System.Collections.Immutable;
using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>
/// The events of a channel that one receiver's outbox has not acknowledged. The channel stores them together with the decisions that they
/// report.
/// </summary>
/// <param name="Receiver">The receiver's name.</param>
/// <param name="LastSequence">The highest sequence number assigned so far.</param>
/// <param name="Events">The events that the outbox has not acknowledged.</param>
[GenerateSerializer, Immutable, Alias("hype.UnsentEvents")]
internal sealed record UnsentEvents(
    [property: Id(0)] string Receiver, [property: Id(1)] long LastSequence, [property: Id(2)] ImmutableArray<WebhookEvent> Events);
