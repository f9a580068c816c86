using Hype.Gateway.NodeRegistry;

namespace Hype.Gateway.Tests.NodeRegistry;

/// <summary>Tests to which control URLs of media nodes silos may connect.</summary>
public sealed class NodeNetworksTests
{
    [TestCase("http://10.0.3.7:8081", ExpectedResult = true)]
    [TestCase("http://[::ffff:10.0.3.7]:8081", ExpectedResult = true)]
    [TestCase("https://[fd00::7]:8081", ExpectedResult = true)]
    [TestCase("http://10.0.4.7:8081", ExpectedResult = false)]
    [TestCase("http://169.254.169.254/latest", ExpectedResult = false)]
    [TestCase("http://127.0.0.1:8081", ExpectedResult = false)]
    [TestCase("http://node-1.internal:8081", ExpectedResult = false)]
    public bool Control_URL_must_have_an_address_of_a_configured_network(string url) =>
        new NodeNetworks(new NodeRegistryOptions { ControlNetworks = ["10.0.3.0/24", "fd00::/8"] }).Admits(url);

    [Test]
    public void Control_URL_may_be_any_without_configured_networks() =>
        Assert.That(new NodeNetworks(new NodeRegistryOptions()).Admits("http://node-1.internal:8081"), Is.True);
}
