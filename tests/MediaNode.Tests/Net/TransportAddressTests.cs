using System.Net;
using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

public sealed class TransportAddressTests
{
    [TestCase("192.0.2.1", 4)]
    [TestCase("::ffff:192.0.2.1", 4)]
    [TestCase("2001:db8::1", 16)]
    [TestCase("::1", 16)]
    [TestCase("::", 16)]
    public void Address_preserves_its_bytes_and_its_family(string text, int length)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(text), 4711);
        var address = TransportAddress.From(endPoint);
        Span<byte> bytes = stackalloc byte[16];

        Assert.That(address.CopyAddressTo(bytes), Is.EqualTo(length));
        Assert.That(address.IsIPv4, Is.EqualTo(length == 4));
        Assert.That(address.ToIPEndPoint().Address.MapToIPv6(), Is.EqualTo(endPoint.Address.MapToIPv6()));
        Assert.That(address.Port, Is.EqualTo(4711));
    }

    [Test]
    public void IPv4_address_equals_the_IPv4_mapped_IPv6_address() =>
        Assert.That(
            TransportAddress.FromIPv4([192, 0, 2, 1], 9),
            Is.EqualTo(TransportAddress.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 9))));
}
