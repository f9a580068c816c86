using Hype.MediaClient;
using Hype.MediaNode.Dtls;

namespace Hype.MediaNode.Tests.Dtls;

/// <summary>A cluster makes another certificate whenever the silo that had it ends; a node outlives many silos.</summary>
public sealed class DtlsContextCacheTests
{
    [Test]
    public void A_certificate_is_loaded_once()
    {
        using var cache = new DtlsContextCache();
        var first = Get(cache, SelfSigned.Node);
        Assert.That(Get(cache, SelfSigned.Node), Is.SameAs(first));
    }

    [Test]
    public void However_many_there_were_the_next_is_taken_and_those_in_use_stay_good()
    {
        using var cache = new DtlsContextCache();
        var first = Get(cache, SelfSigned.Node);
        for (var silo = 0; silo < 40; silo++)
            Assert.That(Get(cache, new SelfSigned($"silo-{silo}")).Handle, Is.Not.Zero);

        using (new DtlsSession(first, server: true))
            Assert.That(first.Handle, Is.Not.Zero, "a room still shows it");
        Assert.That(Get(cache, SelfSigned.Node), Is.Not.SameAs(first), "and whoever opens a room with it again loads it again");
        first.Dispose();
    }

    [Test]
    public void The_one_in_use_is_not_the_one_that_goes()
    {
        using var cache = new DtlsContextCache();
        var kept = Get(cache, SelfSigned.Node);
        for (var silo = 0; silo < 40; silo++)
        {
            Get(cache, new SelfSigned($"silo-{silo}"));
            Assert.That(Get(cache, SelfSigned.Node), Is.SameAs(kept));
        }
    }

    private static DtlsContext Get(DtlsContextCache cache, SelfSigned certificate) => cache.Get(certificate.Certificate, certificate.PrivateKey);
}
