using System.Collections.Immutable;
using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>What a channel stores, with what it has decided, of its events for one receiver.</summary>
/// <param name="Receiver">Its name.</param>
/// <param name="LastSequence">No event with a higher one was given out.</param>
/// <param name="Events">Those that its outbox has not acknowledged.</param>
[GenerateSerializer, Immutable, Alias("hype.UntoldEvents")]
internal sealed record UntoldEvents([property: Id(0)] string Receiver, [property: Id(1)] long LastSequence, [property: Id(2)] ImmutableArray<WebhookEvent> Events);
