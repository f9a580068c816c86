using CsCheck;
using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Tests.Ciphers;

public sealed class CounterContextTests
{
    /// <summary>The counter-mode vectors of NIST SP 800-38A, F.5.1 and F.5.5: the low counter bits overflow from …FEFF to …FF00.</summary>
    [TestCase(
        "2b7e151628aed2a6abf7158809cf4f3c",
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
            + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee")]
    [TestCase(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
            + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")]
    public void Ciphertext_matches_the_NIST_vectors(string key, string ciphertext)
    {
        var iv = Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        var text = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        foreach (var engine in Enum.GetValues<AesEngine>())
        {
            using var context = CounterContext.Create(engine, Convert.FromHexString(key));
            var written = new byte[text.Length];
            context.Transform(iv, text, written);
            Assert.That(Convert.ToHexStringLower(written), Is.EqualTo(ciphertext), engine.ToString());
        }
    }

    [Test]
    public void AES_CPU_instructions_and_OpenSSL_give_the_same_key_stream()
    {
        Assume.That(AesEngine.Auto.UsesInstructions());
        // The counter carries beyond 8 and 16 bits, and never beyond its 32 bits.
        Gen
            .Select(
                Gen.OneOf(Gen.Byte.Array[16], Gen.Byte.Array[32]),
                Gen.Byte.Array[12],
                Gen.UInt[0, uint.MaxValue - 100],
                Gen.Byte.Array[0, 1500])
            .Sample(
                (key, nonce, counter, text) =>
                {
                    byte[] iv = [.. nonce, (byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter];
                    using var instructions = CounterContext.Create(AesEngine.Auto, key);
                    using var library = CounterContext.Create(AesEngine.OpenSsl, key);
                    var (ours, theirs) = (new byte[text.Length], (byte[])text.Clone());
                    instructions.Transform(iv, text, ours);
                    library.Transform(iv, theirs, theirs);
                    return ours.AsSpan().SequenceEqual(theirs);
                },
                iter: 20_000);
    }
}
