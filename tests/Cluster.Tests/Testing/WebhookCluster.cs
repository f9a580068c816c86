using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// The shared cluster with a webhook receiver that lives until the end of the run, and with a short resume window, so that members that
/// never return leave soon.
/// </summary>
internal static class WebhookCluster
{
    public static readonly TimeSpan ResumeWindow = TimeSpan.FromSeconds(5);

    private static WebhookServer? _receiver;
    private static IReadOnlyDictionary<string, string>? _settings;

    /// <summary>The receiver; it exists after the first <see cref="GetAsync"/>.</summary>
    public static WebhookServer Receiver => _receiver!;

    public static async Task<LocalCluster> GetAsync()
    {
        _receiver ??= await WebhookServer.StartAsync();
        // A test that failed may have left another answer.
        _receiver.Answer = WebhookAnswer.Taken;
        return await SharedCluster.GetAsync(_settings ??= new Dictionary<string, string>
        {
            ["Hype__Webhooks__Url"] = _receiver.Url,
            ["Hype__Webhooks__Secrets__0"] = WebhookServer.Secret,
            ["Hype__Webhooks__Events__0"] = "joined",
            ["Hype__Webhooks__Events__1"] = "left",
            // More events than occur in the seconds of an outage.
            ["Hype__Webhooks__MaxWaiting"] = "10000",
            ["Hype__Webhooks__RetryDelay"] = "00:00:00.1",
            ["Hype__Webhooks__MaxRetryDelay"] = "00:00:01",
            ["Hype__Channels__ResumeWindow"] = ResumeWindow.ToString(),
        });
    }

    /// <summary>Stops the receiver, after the cluster.</summary>
    public static async Task StopAsync()
    {
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }
}
