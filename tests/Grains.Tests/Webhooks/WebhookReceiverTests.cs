using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

public sealed class WebhookReceiverTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly WebhookReceiverOptions Own = new() { Url = "https://audit/hooks", Secrets = [Secret] };

    [Test]
    public void Receiver_without_its_own_options_uses_the_options_for_all_receivers()
    {
        var shared = new WebhookOptions
        {
            Events = ["room"],
            MaxWaiting = 20,
            BatchSize = 2,
            Timeout = TimeSpan.FromSeconds(3),
            RetryDelay = TimeSpan.FromSeconds(4),
            MaxRetryDelay = TimeSpan.FromSeconds(5),
            GiveUpAfter = TimeSpan.FromSeconds(9),
        };
        var receiver = new WebhookReceiver("audit", Own, shared);
        Assert.That((receiver.Name, receiver.Url, receiver.Secrets.Count), Is.EqualTo(("audit", new Uri("https://audit/hooks"), 1)));
        Assert.That((receiver.MaxWaiting, receiver.BatchSize), Is.EqualTo((20, 2)));
        Assert.That(
            (receiver.Timeout, receiver.RetryDelay, receiver.MaxRetryDelay, receiver.GiveUpAfter),
            Is.EqualTo((shared.Timeout, shared.RetryDelay, shared.MaxRetryDelay, shared.GiveUpAfter)));
        Assert.That((receiver.Wants("room"), receiver.Wants("joined")), Is.EqualTo((true, false)));
    }

    [Test]
    public void Options_of_a_receiver_override_the_options_for_all_receivers()
    {
        var own = Own with
        {
            Events = ["left"],
            MaxWaiting = 30,
            BatchSize = 3,
            Timeout = TimeSpan.FromSeconds(6),
            RetryDelay = TimeSpan.FromSeconds(7),
            MaxRetryDelay = TimeSpan.FromSeconds(8),
            GiveUpAfter = TimeSpan.FromSeconds(10),
        };
        var receiver = new WebhookReceiver("audit", own, new WebhookOptions { Events = ["room"] });
        Assert.That((receiver.MaxWaiting, receiver.BatchSize), Is.EqualTo((30, 3)));
        Assert.That(
            (receiver.Timeout, receiver.RetryDelay, receiver.MaxRetryDelay, receiver.GiveUpAfter),
            Is.EqualTo((TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10))));
        Assert.That((receiver.Wants("left"), receiver.Wants("room")), Is.EqualTo((true, false)));
    }

    [TestCase("joined", true)]
    [TestCase("left", true)]
    [TestCase("mode", true)]
    [TestCase("settings", true)]
    [TestCase("changed", false)]
    [TestCase("room", false)]
    [TestCase(null, false, Description = "an event for no receiver")]
    public void Receiver_without_a_list_of_events_gets_the_default_events(string? name, bool expected) =>
        Assert.That(new WebhookReceiver("audit", Own, new WebhookOptions()).Wants(name), Is.EqualTo(expected));

    [Test]
    public void Error_of_an_invalid_secret_does_not_contain_the_secret() =>
        Assert.That(
            () => new WebhookReceiver("audit", Own with { Secrets = ["password"] }, new WebhookOptions()),
            Throws.InstanceOf<FormatException>().With.Message.Not.Contains("password"));
}
