using CsCheck;
using Hype.MediaNode.Ciphers;
using Hype.Testing.Vectors;

namespace Hype.MediaNode.Tests.Ciphers;

[TestFixture(AesEngine.Auto)]
[TestFixture(AesEngine.OpenSsl)]
public sealed class GcmContextTests(AesEngine engine)
{
    private static readonly Gen<byte[]> Keys = Gen.OneOf(Gen.Byte.Array[16], Gen.Byte.Array[32]);

    // On a processor without the instructions, Auto is OpenSSL and would be compared with itself.
    [SetUp]
    public void Skip_if_Auto_would_also_use_OpenSSL() => Assume.That(engine == AesEngine.OpenSsl || engine.UsesInstructions());

    [TestCaseSource(typeof(Nist), nameof(Nist.Gcm))]
    public void Gcm_matches_the_NIST_vectors(GcmCase expected)
    {
        var (key, nonce, associated) = (Hex(expected.Key), Hex(expected.Nonce), Hex(expected.AssociatedData));
        var (plaintext, ciphertext, tag) = (Hex(expected.Plaintext), Hex(expected.Ciphertext), Hex(expected.Tag));
        using var sealing = GcmContext.ForSealing(engine, key);
        using var opening = GcmContext.ForOpening(engine, key);

        var written = new byte[plaintext.Length + GcmContext.TagLength];
        sealing.Seal(nonce, associated, plaintext, written);
        Assert.That(written, Is.EqualTo(ciphertext.Concat(tag)));

        Assert.That(opening.TryOpen(nonce, associated, ciphertext, tag), Is.True);
        Assert.That(ciphertext, Is.EqualTo(plaintext));
    }

    [Test]
    public void Gcm_matches_OpenSSL_for_every_length() =>
        Gen.Select(Keys, Gen.Byte.Array[12], Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 1500]).Sample(
            (key, nonce, associated, plaintext) =>
            {
                using var measured = GcmContext.ForSealing(engine, key);
                using var reference = new System.Security.Cryptography.AesGcm(key, GcmContext.TagLength);
                var written = new byte[plaintext.Length + GcmContext.TagLength];
                measured.Seal(nonce, associated, plaintext, written);
                var (ciphertext, tag) = (new byte[plaintext.Length], new byte[GcmContext.TagLength]);
                reference.Encrypt(nonce, plaintext, ciphertext, tag, associated);
                return written.AsSpan(0, plaintext.Length).SequenceEqual(ciphertext)
                    && written.AsSpan(plaintext.Length).SequenceEqual(tag);
            },
            iter: 20_000);

    [Test]
    public void Gcm_rejects_input_with_any_flipped_bit() =>
        Gen.Select(Keys, Gen.Byte.Array[12], Gen.Byte.Array[1, 40], Gen.Byte.Array[1, 200], Gen.Int[0, int.MaxValue]).Sample(
            (key, nonce, associated, plaintext, where) =>
            {
                using var sealing = GcmContext.ForSealing(engine, key);
                using var opening = GcmContext.ForOpening(engine, key);
                byte[] packet = [.. associated, .. plaintext, .. new byte[GcmContext.TagLength]];
                sealing.Seal(nonce, associated, plaintext, packet.AsSpan(associated.Length));
                var untouched = (byte[])packet.Clone();
                where %= packet.Length * 8;
                packet[where / 8] ^= (byte)(1 << (where % 8));

                return !TryOpen(opening, nonce, packet, associated.Length) && TryOpen(opening, nonce, untouched, associated.Length);
            },
            iter: 5_000);

    [Test]
    public void Gcm_encryption_in_place_equals_encryption_into_another_buffer()
    {
        using var sealing = GcmContext.ForSealing(engine, new byte[16]);
        var nonce = new byte[GcmContext.NonceLength];
        var apart = new byte[116];
        var inPlace = new byte[116];
        sealing.Seal(nonce, [], new byte[100], apart);
        sealing.Seal(nonce, [], inPlace.AsSpan(0, 100), inPlace);
        Assert.That(inPlace, Is.EqualTo(apart));
    }

    [Test]
    public void Gcm_encryption_throws_after_the_GCM_context_is_disposed()
    {
        var sealing = GcmContext.ForSealing(engine, new byte[16]);
        sealing.Dispose();
        Assert.That(() => sealing.Seal(new byte[GcmContext.NonceLength], [], new byte[100], new byte[116]), Throws.Exception);
    }

    private static bool TryOpen(GcmContext opening, byte[] nonce, byte[] packet, int associated) =>
        opening.TryOpen(
            nonce, packet.AsSpan(0, associated), packet.AsSpan()[associated..^GcmContext.TagLength],
            packet.AsSpan()[^GcmContext.TagLength..]);

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
