using Hype.Grains.Webhooks;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the validation of webhook options, and the options that several receivers share.</summary>
public sealed class WebhookOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Test]
    public void Validation_reports_all_invalid_options_of_all_receivers()
    {
        var wrong = new WebhookOptions
        {
            Url = "ftp://receiver",
            Events = ["joined", "sang"],
            Secrets = ["secret"],
            MaxWaiting = 0,
            BatchSize = 0,
            Timeout = TimeSpan.Zero,
            RetryDelay = TimeSpan.Zero,
            MaxRetryDelay = TimeSpan.FromDays(1),
            Receivers =
            {
                ["Billing!"] = new WebhookReceiverOptions { Url = "https://billing/hooks", Secrets = [Secret] },
                ["default"] = new WebhookReceiverOptions { Url = "https://another/hooks", Secrets = [Secret] },
                ["audit"] = new WebhookReceiverOptions
                {
                    Url = "audit",
                    Events = ["danced"],
                    MaxWaiting = 1,
                    MaxRetryDelay = TimeSpan.FromDays(1),
                },
            },
        };
        var failures = Check(wrong);
        Assert.That(failures, Has.Length.EqualTo(8 + 1 + 1 + 5));
        Assert.That(
            failures,
            Has.Exactly(5).Contains("Hype:Webhooks:Receivers:audit:"),
            "its address, the missing secret, its events, its capacity, its delay");
        Assert.That(failures, Has.None.Contains("secret'"), "a secret must not appear in a log");
    }

    [Test]
    public void Receiver_without_a_receiver_specific_secret_is_invalid()
    {
        Assert.That(Check(new WebhookOptions { Url = "https://receiver/hooks" }), Has.One.Contains("Secrets"));
        var shared = new WebhookOptions
        {
            Secrets = [Secret],
            Receivers = { ["audit"] = new WebhookReceiverOptions { Url = "https://audit/hooks" } },
        };
        Assert.That(Check(shared), Has.Length.EqualTo(2));
    }

    [Test]
    public void Option_omitted_by_a_receiver_has_the_value_configured_for_all_receivers()
    {
        var receivers = new WebhookReceivers(Options.Create(new WebhookOptions
        {
            Url = "https://receiver/hooks",
            Secrets = [Secret],
            Events = ["left"],
            BatchSize = 7,
            Receivers =
            {
                ["audit"] = new WebhookReceiverOptions
                {
                    Url = "https://audit/hooks",
                    Secrets = [Secret, Secret],
                    Events = ["room"],
                    MaxWaiting = 50,
                },
            },
        }));

        var (single, audit) = (receivers.Find("default")!, receivers.Find("audit")!);
        Assert.That(receivers.All, Is.EquivalentTo(new[] { single, audit }));
        Assert.That((audit.BatchSize, audit.MaxWaiting, audit.Secrets.Count), Is.EqualTo((7, 50, 2)));
        Assert.That((single.MaxWaiting, single.Wants("left"), single.Wants("room")), Is.EqualTo((1_000, true, false)));
        Assert.That((audit.Wants("left"), audit.Wants("room")), Is.EqualTo((false, true)));
        Assert.That(single.Wants(null), Is.False);
    }

    private static string[] Check(WebhookOptions options) => [.. new WebhookOptionsValidator().Validate(null, options).Failures ?? []];
}
