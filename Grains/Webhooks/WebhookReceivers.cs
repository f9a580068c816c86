using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

/// <summary>The webhook receivers in the options of this silo.</summary>
internal sealed class WebhookReceivers(IOptions<WebhookOptions> options)
{
    private readonly Dictionary<string, WebhookReceiver> _byName =
        Read(options.Value).ToDictionary(receiver => receiver.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<WebhookReceiver> All => _byName.Values;

    /// <summary>Returns the receiver of this name; null if the options of this silo do not contain it.</summary>
    public WebhookReceiver? Find(string name) => _byName.GetValueOrDefault(name);

    private static IEnumerable<WebhookReceiver> Read(WebhookOptions options)
    {
        if (options.Url.Length > 0)
        {
            var own = new WebhookReceiverOptions { Url = options.Url, Secrets = options.Secrets };
            yield return new WebhookReceiver(WebhookReceiver.DefaultName, own, options);
        }

        foreach (var (name, own) in options.Receivers)
            yield return new WebhookReceiver(name, own, options);
    }
}
