using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

public sealed class LocalAddressesTests
{
    [Test]
    public void Local_address_of_each_client_is_found_until_another_one_is_set()
    {
        var addresses = new LocalAddresses();
        var (client, other) = (Address(1), Address(2));

        Assert.That(addresses.TryGet(client, out _), Is.False);
        addresses.Set(client, Address(101));
        Assert.That(addresses.TryGet(client, out var first) ? first : default, Is.EqualTo(Address(101)));
        addresses.Set(client, Address(102));

        Assert.That(addresses.TryGet(client, out var second) ? second : default, Is.EqualTo(Address(102)));
        Assert.That(addresses.TryGet(other, out _), Is.False);
    }

    private static TransportAddress Address(byte number) => TransportAddress.FromIPv4([10, 0, 0, number], 50_000);
}
