using Hype.MediaClient;
using Hype.MediaNode.Dtls;

namespace Hype.MediaNode.Tests.Dtls;

/// <summary>
/// Tests the cache of DTLS certificates. A cluster creates a new certificate when the silo with the old one ends, so a node sees many
/// certificates in its lifetime.
/// </summary>
public sealed class DtlsContextCacheTests
{
    [Test]
    public void Certificate_that_is_requested_twice_is_loaded_once()
    {
        using var cache = new DtlsContextCache();
        var first = Get(cache, SelfSigned.Node);
        Assert.That(Get(cache, SelfSigned.Node), Is.SameAs(first));
    }

    [Test]
    public void Certificates_in_use_stay_valid_after_their_eviction_from_the_cache()
    {
        using var cache = new DtlsContextCache();
        var first = Get(cache, SelfSigned.Node);
        for (var silo = 0; silo < 40; silo++)
            Assert.That(Get(cache, new SelfSigned($"silo-{silo}")).Handle, Is.Not.Zero);

        using (new DtlsSession(first, server: true))
            Assert.That(first.Handle, Is.Not.Zero, "a room still uses it");
        Assert.That(Get(cache, SelfSigned.Node), Is.Not.SameAs(first), "a later room with the same certificate loads it again");
        first.Dispose();
    }

    [Test]
    public void Recently_used_certificate_is_not_evicted()
    {
        using var cache = new DtlsContextCache();
        var recent = Get(cache, SelfSigned.Node);
        for (var silo = 0; silo < 40; silo++)
        {
            Get(cache, new SelfSigned($"silo-{silo}"));
            Assert.That(Get(cache, SelfSigned.Node), Is.SameAs(recent));
        }
    }

    private static DtlsContext Get(DtlsContextCache cache, SelfSigned certificate) =>
        cache.Get(certificate.Certificate, certificate.PrivateKey);
}
