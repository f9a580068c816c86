using System.Net;
using System.Text;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tests.Net;
using Hype.Testing.Vectors;

namespace Hype.MediaNode.Tests.Stun;

public sealed class StunWriterTests
{
    private static readonly byte[] Key = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    private readonly byte[] _buffer = new byte[256];

    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("2001:db8::17", "2001:db8::17")]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1")]
    public void STUN_success_response_contains_the_peers_address(string seen, string written)
    {
        var length = StunWriter.WriteBindingSuccess(_buffer, Rfc5769.TransactionId, IPAddress.Parse(seen).GetAddressBytes(), 40000, Key);

        Assert.That(length, Is.LessThanOrEqualTo(StunWriter.MaxResponseLength));
        Assert.That(StunMessage.TryParse(_buffer.AsSpan(0, length), out var message), Is.True);
        Span<byte> address = stackalloc byte[16];
        Assert.That(message.TryGetMappedAddress(address, out var addressLength, out var port), Is.True);
        Assert.That(new IPAddress(address[..addressLength]), Is.EqualTo(IPAddress.Parse(written)));
        Assert.That(port, Is.EqualTo(40000));
        Assert.That(message.Class, Is.EqualTo(StunClass.SuccessResponse));
        Assert.That(message.TransactionId.SequenceEqual(Rfc5769.TransactionId), Is.True);
        Assert.That(message.VerifyIntegrity(Key), Is.True);
        Assert.That(message.HasFingerprint, Is.True);
    }

    [Test]
    public void Written_XOR_MAPPED_ADDRESS_matches_the_vectors_of_RFC_5769()
    {
        foreach (var (vector, address) in new[]
        {
            (Rfc5769.ResponseIPv4, "192.0.2.1"), (Rfc5769.ResponseIPv6, "2001:db8:1234:5678:11:2233:4455:6677"),
        })
        {
            var bytes = IPAddress.Parse(address).GetAddressBytes();
            StunWriter.WriteBindingSuccess(_buffer, Rfc5769.TransactionId, bytes, Rfc5769.MappedPort, Key);

            var attributeLength = 8 + bytes.Length;
            const int softwareLength = 16;
            Assert.That(
                _buffer.AsSpan(StunMessage.HeaderLength, attributeLength).ToArray(),
                Is.EqualTo(vector.AsSpan(StunMessage.HeaderLength + softwareLength, attributeLength).ToArray()));
        }
    }

    [Test]
    public void STUN_error_response_without_a_key_has_the_code_and_no_MESSAGE_INTEGRITY()
    {
        var length = StunWriter.WriteBindingError(_buffer, Rfc5769.TransactionId, 401, default);

        Assert.That(StunMessage.TryParse(_buffer.AsSpan(0, length), out var message), Is.True);
        Assert.That(message.Class, Is.EqualTo(StunClass.ErrorResponse));
        Assert.That(message.ErrorCode, Is.EqualTo(401));
        Assert.That(message.HasMessageIntegrity, Is.False);
    }

    [Test]
    public void STUN_error_420_lists_the_unknown_attributes_within_the_maximum_length()
    {
        var unknown = Enumerable.Range(0x7000, 40).Select(type => (ushort)type).ToArray();

        var length = StunWriter.WriteBindingError(_buffer, Rfc5769.TransactionId, 420, Key, unknown);

        Assert.That(length, Is.LessThanOrEqualTo(StunWriter.MaxResponseLength));
        Assert.That(StunMessage.TryParse(_buffer.AsSpan(0, length), out var message), Is.True);
        Assert.That(message.ErrorCode, Is.EqualTo(420));
        Assert.That(message.VerifyIntegrity(Key), Is.True);
        byte[] list = [0x00, 0x0A, 0x00, 0x10, 0x70, 0x00, 0x70, 0x01];
        Assert.That(_buffer.AsSpan(0, length).IndexOf(list), Is.EqualTo(StunMessage.HeaderLength + 8));
    }

    [TestCase("n:c")]
    [TestCase("node:client12")]
    public void Length_of_a_check_without_USE_CANDIDATE_is_known_before_it_is_written(string username)
    {
        var name = Encoding.ASCII.GetBytes(username);
        var length = StunWriter.WriteBindingRequest(
            _buffer, Rfc5769.TransactionId, name, 1, StunAttribute.IceControlled, 42, useCandidate: false, Key);

        Assert.That(length, Is.EqualTo(StunWriter.RequestLength(name.Length)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Written_ICE_connectivity_check_is_parsed_to_the_same_values(bool useCandidate)
    {
        var length = StunWriter.WriteBindingRequest(
            _buffer, Rfc5769.TransactionId, "node:client1"u8, 0x6e7f1eff, StunAttribute.IceControlling, 42, useCandidate, Key);

        Assert.That(StunMessage.TryParse(_buffer.AsSpan(0, length), out var message), Is.True);
        Assert.That(message.TryGetUsername(out var local, out var remote), Is.True);
        Assert.That(local.SequenceEqual("node"u8) && remote.SequenceEqual("client1"u8), Is.True);
        Assert.That(message.Class, Is.EqualTo(StunClass.Request));
        Assert.That(message.Priority, Is.EqualTo(0x6e7f1eff));
        Assert.That(message.IceControlling, Is.EqualTo(42));
        Assert.That(message.HasUseCandidate, Is.EqualTo(useCandidate));
        Assert.That(message.VerifyIntegrity(Key), Is.True);
        Assert.That(message.VerifyIntegrity("wrong"u8), Is.False);
    }

    [Test]
    public void Parsing_and_answering_a_STUN_request_allocates_nothing()
    {
        byte[] address = [192, 0, 2, 1];

        Assert.That(
            Allocations.Of(
                () =>
                {
                    if (StunMessage.TryParse(Rfc5769.Request, out var message) && message.VerifyIntegrity(Key))
                        StunWriter.WriteBindingSuccess(_buffer, message.TransactionId, address, 40000, Key);
                },
                10_000),
            Is.Zero);
    }
}
