using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the signatures of webhook requests according to Standard Webhooks.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>Compares the signature with the example of the Standard Webhooks specification.</summary>
    [Test]
    public void Signature_equals_the_example_of_the_specification()
    {
        Assert.That(WebhookSignature.TryReadSecret(Secret, out var secret));
        Assert.That(
            WebhookSignature.Sign([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8),
            Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    [Test]
    public void Signature_header_contains_a_signature_for_each_secret()
    {
        WebhookSignature.TryReadSecret(Secret, out var secret);
        var signatures = WebhookSignature.Sign([secret, new byte[24]], "id", 1, "{}"u8).Split(' ');
        Assert.That(signatures, Is.Unique.And.Length.EqualTo(2));
        Assert.That(signatures, Has.All.StartsWith("v1,"));
    }

    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Description = "no prefix")]
    [TestCase("whsec_c2hvcnQ=", Description = "too short")]
    [TestCase("whsec_not base64", Description = "not base64")]
    [TestCase("")]
    public void Malformed_secret_is_refused(string text) => Assert.That(WebhookSignature.TryReadSecret(text, out _), Is.False);
}
