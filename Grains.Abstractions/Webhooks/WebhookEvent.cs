using System.Text.Json;

namespace Hype.Grains.Abstractions.Webhooks;

/// <summary>A channel event as JSON for one webhook receiver.</summary>
/// <param name="Id"><c>channel/number</c>, the same for all receivers and in each repetition.</param>
/// <param name="Json">The whole JSON object, written at the time of the event, so that a later version cannot change it.</param>
/// <param name="Sequence">The event's number among the channel's events for the receiver, from 1.</param>
[GenerateSerializer, Immutable, Alias("hype.WebhookEvent")]
public sealed record WebhookEvent([property: Id(0)] string Id, [property: Id(1)] string Json, [property: Id(2)] long Sequence = 0)
{
    /// <summary>The channel, which is the id up to the last slash.</summary>
    public string Channel => Id[..Math.Max(0, Id.LastIndexOf('/'))];

    /// <summary>Reads the time of the event from its JSON; null when it has none.</summary>
    public DateTimeOffset? ReadTime()
    {
        using var json = JsonDocument.Parse(Json);
        return json.RootElement.TryGetProperty("at", out var at) ? at.GetDateTimeOffset() : null;
    }

    /// <summary>Returns the event without its content, which is for the receiver.</summary>
    public override string ToString() => $"WebhookEvent {{ {Id} }}";
}
