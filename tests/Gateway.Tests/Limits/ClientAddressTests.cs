using System.Net;
using Hype.Gateway.Limits;

namespace Hype.Gateway.Tests.Limits;

public sealed class ClientAddressTests
{
    [TestCase("192.0.2.1", "192.0.2.1", true)]
    [TestCase("192.0.2.1", "::ffff:192.0.2.1", true, Description = "in the form of a dual-stack socket")]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true, Description = "one /64 is one client")]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("::1", "0.0.0.0", false)]
    public void Addresses_count_as_one_client_if_equal_or_in_the_same_IPv6_network(string first, string second, bool same) =>
        Assert.That(ClientAddress.Of(IPAddress.Parse(first)) == ClientAddress.Of(IPAddress.Parse(second)), Is.EqualTo(same));
}
