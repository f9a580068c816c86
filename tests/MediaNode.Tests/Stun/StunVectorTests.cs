using System.Net;
using System.Text;
using Hype.MediaNode.Stun;
using Hype.Testing.Vectors;

namespace Hype.MediaNode.Tests.Stun;

/// <summary>Tests STUN messages against the vectors of RFC 5769.</summary>
public sealed class StunVectorTests
{
    private static readonly byte[] Password = Encoding.ASCII.GetBytes(Rfc5769.Password);

    [Test]
    public void Sample_request_of_RFC_5769_is_parsed_and_authenticated()
    {
        Assert.That(StunMessage.TryParse(Rfc5769.Request, out var message), Is.True);
        Assert.That(message.TryGetUsername(out var local, out var remote), Is.True);
        var username = $"{Encoding.ASCII.GetString(local)} {Encoding.ASCII.GetString(remote)}";
        var transactionId = message.TransactionId.ToArray();
        Assert.That(username, Is.EqualTo($"{Rfc5769.LocalUfrag} {Rfc5769.RemoteUfrag}"));
        Assert.That(message.Class, Is.EqualTo(StunClass.Request));
        Assert.That(message.Method, Is.EqualTo(StunMethod.Binding));
        Assert.That(transactionId, Is.EqualTo(Rfc5769.TransactionId));
        Assert.That(message.Priority, Is.EqualTo(0x6e0001ff));
        Assert.That(message.IceControlled, Is.EqualTo(0x932ff9b151263b36));
        Assert.That(message.IceControlling, Is.Null);
        Assert.That(message.HasUseCandidate, Is.False);
        Assert.That(message.HasUnknownRequired, Is.False);
        Assert.That(message.HasFingerprint, Is.True);
        Assert.That(message.VerifyIntegrity(Password), Is.True);
        Assert.That(message.VerifyIntegrity("another password"u8), Is.False);
    }

    [Test]
    public void Sample_responses_of_RFC_5769_are_parsed_and_authenticated()
    {
        AssertResponse(Rfc5769.ResponseIPv4, IPAddress.Parse("192.0.2.1"));
        AssertResponse(Rfc5769.ResponseIPv6, IPAddress.Parse("2001:db8:1234:5678:11:2233:4455:6677"));
    }

    [Test]
    public void STUN_message_with_any_flipped_bit_before_the_fingerprint_is_not_authenticated()
    {
        const int fingerprintLength = 8;
        for (var bit = 0; bit < (Rfc5769.Request.Length - fingerprintLength) * 8; bit++)
        {
            var damaged = (byte[])Rfc5769.Request.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(StunMessage.TryParse(damaged, out var message) && message.VerifyIntegrity(Password), Is.False, $"bit {bit}");
        }
    }

    private static void AssertResponse(byte[] response, IPAddress address)
    {
        Assert.That(StunMessage.TryParse(response, out var message), Is.True);
        Span<byte> mapped = stackalloc byte[16];
        Assert.That(message.TryGetMappedAddress(mapped, out var length, out var port), Is.True);
        var bytes = mapped[..length].ToArray();
        Assert.That(message.Class, Is.EqualTo(StunClass.SuccessResponse));
        Assert.That(new IPAddress(bytes), Is.EqualTo(address));
        Assert.That(port, Is.EqualTo(Rfc5769.MappedPort));
        Assert.That(message.VerifyIntegrity(Password), Is.True);
    }
}
