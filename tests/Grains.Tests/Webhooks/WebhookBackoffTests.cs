using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the pauses between the attempts to reach a receiver.</summary>
public sealed class WebhookBackoffTests
{
    private static readonly WebhookReceiver Receiver = new(
        "default", new WebhookReceiverOptions { Url = "https://receiver/hooks" }, new WebhookOptions());

    [TestCase(1, 0.5, 1)]
    [TestCase(2, 1, 2)]
    [TestCase(5, 8, 16)]
    [TestCase(500, 30, 60, Description = "the limit, after any number of failures")]
    public void Retry_pause_doubles_with_each_failure_up_to_the_maximum_pause(int failures, double least, double most) =>
        Assert.That(WebhookBackoff.After(failures, Receiver).TotalSeconds, Is.InRange(least, most));
}
