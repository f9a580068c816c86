using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tests.Srtp;

public sealed class DtlsSrtpKeysTests
{
    [TestCase(SrtpProfile.AesCm128HmacSha1_80, 60)]
    [TestCase(SrtpProfile.AeadAes128Gcm, 56)]
    [TestCase(SrtpProfile.AeadAes256Gcm, 88)]
    public void Keying_material_is_split_in_the_order_of_RFC_5764(object profile, int length)
    {
        var material = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        var keys = new DtlsSrtpKeys((SrtpProfile)profile, material);

        var parts = new[] { keys.ClientKey.ToArray(), keys.ServerKey.ToArray(), keys.ClientSalt.ToArray(), keys.ServerSalt.ToArray() };
        Assert.That(parts.SelectMany(part => part), Is.EqualTo(material));
        Assert.That(parts[0], Has.Length.EqualTo(parts[1].Length));
        Assert.That(parts[2], Has.Length.EqualTo(parts[3].Length));
        Assert.That(parts[0].Length + parts[2].Length, Is.EqualTo(length / 2));
    }

    [Test]
    public void Keying_material_of_an_unexpected_length_is_refused() =>
        Assert.That(
            () => new DtlsSrtpKeys(SrtpProfile.AeadAes128Gcm, new byte[57]).ClientKey.Length, Throws.InstanceOf<ArgumentException>());
}
