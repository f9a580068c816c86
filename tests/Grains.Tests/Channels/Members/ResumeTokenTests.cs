using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class ResumeTokenTests
{
    [Test]
    public void Resume_token_contains_its_session_and_matches_its_hash()
    {
        var session = SessionId.New();
        var (token, hash) = ResumeToken.Create(session);
        Assert.That(ResumeToken.TryParse(token, out var parsed, out var parsedHash));
        Assert.That(parsed, Is.EqualTo(session));
        Assert.That(ResumeToken.Matches(hash, parsedHash!));
        Assert.That(token, Does.Not.Contain(Convert.ToHexString(hash)));
    }

    [Test]
    public void Resume_token_with_another_secret_does_not_match()
    {
        var session = SessionId.New();
        Assert.That(ResumeToken.Matches(ResumeToken.Create(session).Hash, ResumeToken.Create(session).Hash), Is.False);
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("5f0c2f6e-9f6d-4c0f-8b1f-5a3f3f1b7c11.x")]
    [TestCase("5f0c2f6e9f6d4c0f8b1f5a3f3f1b7c11")]
    public void Malformed_resume_token_is_rejected(string token) => Assert.That(ResumeToken.TryParse(token, out _, out _), Is.False);
}
