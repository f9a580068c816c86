using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Storage;

namespace Hype.Grains.Webhooks;

/// <summary>
/// The stored state of an outbox: its waiting events, the number of dropped events, and the channels that may send more.
/// </summary>
[GenerateSerializer, Alias("hype.WebhookOutboxState")]
internal sealed class WebhookOutboxState : IWrittenState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "webhookOutbox";

    [Id(0)]
    public List<WebhookEvent> Waiting { get; set; } = [];

    /// <summary>The number of events that were dropped since the receiver last acknowledged a batch.</summary>
    [Id(1)]
    public long Lost { get; set; }

    /// <summary>
    /// The channels that have not made their final call (<see cref="WebhookAppend.Final"/>), so they may have unsent events.
    /// </summary>
    [Id(2)]
    public HashSet<ChannelId> Open { get; set; } = [];

    [Id(3)]
    public Guid Writer { get; set; }
}
