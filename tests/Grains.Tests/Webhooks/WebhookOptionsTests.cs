using Hype.Grains.Webhooks;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>One receiver in two lines, several with what is their own.</summary>
public sealed class WebhookOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Test]
    public void Every_wrong_option_of_every_receiver_is_named_at_once()
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
                ["audit"] = new WebhookReceiverOptions { Url = "audit", Events = ["danced"], MaxWaiting = 1, MaxRetryDelay = TimeSpan.FromDays(1) },
            },
        };
        var failures = Check(wrong);
        Assert.That(failures, Has.Length.EqualTo(8 + 1 + 1 + 5));
        Assert.That(failures, Has.Exactly(5).Contains("Hype:Webhooks:Receivers:audit:"), "its address, that it has no secret, its events, its bound, its delay");
        Assert.That(failures, Has.None.Contains("secret'"), "a secret is not for a log");
    }

    [Test]
    public void Nobody_is_told_without_a_signature_and_no_secret_is_shared()
    {
        Assert.That(Check(new WebhookOptions { Url = "https://receiver/hooks" }), Has.One.Contains("Secrets"));
        Assert.That(Check(new WebhookOptions { Secrets = [Secret], Receivers = { ["audit"] = new WebhookReceiverOptions { Url = "https://audit/hooks" } } }), Has.Length.EqualTo(2));
    }

    [Test]
    public void What_a_receiver_leaves_out_is_as_for_all()
    {
        var receivers = new WebhookReceivers(Options.Create(new WebhookOptions
        {
            Url = "https://receiver/hooks",
            Secrets = [Secret],
            Events = ["left"],
            BatchSize = 7,
            Receivers = { ["audit"] = new WebhookReceiverOptions { Url = "https://audit/hooks", Secrets = [Secret, Secret], Events = ["room"], MaxWaiting = 50 } },
        }));

        var (single, audit) = (receivers.Find("default")!, receivers.Find("audit")!);
        Assert.That(receivers.All, Is.EquivalentTo(new[] { single, audit }));
        Assert.That((audit.BatchSize, audit.MaxWaiting, audit.Secrets.Count), Is.EqualTo((7, 50, 2)));
        Assert.That((single.MaxWaiting, single.Wants("left"), single.Wants("room"), audit.Wants("left"), audit.Wants("room")), Is.EqualTo((1_000, true, false, false, true)));
        Assert.That(single.Wants(null), Is.False);
    }

    private static string[] Check(WebhookOptions options) => [.. new WebhookOptionsValidator().Validate(null, options).Failures ?? []];
}
