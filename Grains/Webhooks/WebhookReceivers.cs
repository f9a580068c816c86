using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

/// <summary>Everybody who is told of events.</summary>
internal sealed class WebhookReceivers(IOptions<WebhookOptions> options)
{
    private readonly Dictionary<string, WebhookReceiver> _byName = Read(options.Value).ToDictionary(receiver => receiver.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<WebhookReceiver> All => _byName.Values;

    /// <summary>Null: this silo does not know it; its options are older or newer than those of others, or it was taken out.</summary>
    public WebhookReceiver? Find(string name) => _byName.GetValueOrDefault(name);

    private static IEnumerable<WebhookReceiver> Read(WebhookOptions options)
    {
        if (options.Url.Length > 0)
            yield return new WebhookReceiver(WebhookReceiver.DefaultName, new WebhookReceiverOptions { Url = options.Url, Secrets = options.Secrets }, options);
        foreach (var (name, own) in options.Receivers)
            yield return new WebhookReceiver(name, own, options);
    }
}
