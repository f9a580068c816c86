using System.Security.Cryptography;
using CsCheck;
using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Tests.Ciphers;

public sealed class HmacSha1Tests
{
    [Test]
    public void Hmac_matches_the_RFC_2202_vectors()
    {
        Assert.That(
            Code([.. Enumerable.Repeat((byte)0x0B, 20)], "Hi There"u8),
            Is.EqualTo(Convert.FromHexString("b617318655057264e28bc0b6fb378c8ef146be00")));
        Assert.That(
            Code("Jefe"u8, "what do ya want for nothing?"u8),
            Is.EqualTo(Convert.FromHexString("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")));
    }

    [Test]
    public void Hmac_matches_the_HMACSHA1_class_of_NET_for_every_length_and_split_of_the_message() =>
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Byte.Array[0, 1500], Gen.Byte.Array[0, 70], Gen.Int[0, 20]).Sample(
            (key, message, following, length) =>
            {
                using var hmac = new HmacSha1(key);
                var code = new byte[length];
                // Twice: the first computation must leave no trace in the second.
                hmac.Compute(message, following, code);
                hmac.Compute(message, following, code);
                byte[] whole = [.. message, .. following];
                return code.AsSpan().SequenceEqual(HMACSHA1.HashData(key, whole).AsSpan(0, length));
            },
            iter: 20_000);

    private static byte[] Code(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        using var hmac = new HmacSha1(key);
        var code = new byte[HmacSha1.Length];
        hmac.Compute(message, [], code);
        return code;
    }
}
