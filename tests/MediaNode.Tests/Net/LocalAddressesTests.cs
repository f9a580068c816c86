using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

public sealed class LocalAddressesTests
{
    private LocalAddresses _addresses = null!;

    [SetUp]
    public void Begin() => _addresses = new LocalAddresses();

    [Test]
    public void Each_local_address_has_one_number_whatever_its_port()
    {
        var (first, second) = (_addresses.NumberOf(Address(1)), _addresses.NumberOf(Address(2)));

        Assert.That(_addresses.NumberOf(Address(1) with { Port = 7 }), Is.EqualTo(first));
        Assert.That(_addresses[first], Is.EqualTo(Address(1) with { Port = 0 }));
        Assert.That(_addresses[second], Is.EqualTo(Address(2) with { Port = 0 }));
    }

    [Test]
    public void Kernel_selects_the_address_beyond_the_capacity_and_for_the_default()
    {
        for (ushort number = 0; number < byte.MaxValue; number++)
            Assert.That(_addresses.NumberOf(Address(number)), Is.Not.EqualTo(default(LocalAddress)));

        Assert.That(_addresses.NumberOf(Address(300)), Is.EqualTo(default(LocalAddress)));
        Assert.That(_addresses[default], Is.EqualTo(default(TransportAddress)));
        Assert.That(_addresses.NumberOf(Address(0)), Is.EqualTo(new LocalAddress(1)));
    }

    private static TransportAddress Address(ushort number) =>
        TransportAddress.FromIPv4([10, 0, (byte)(number >> 8), (byte)number], 50_000);
}
