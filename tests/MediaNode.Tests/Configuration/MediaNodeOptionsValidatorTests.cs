using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Configuration;

namespace Hype.MediaNode.Tests.Configuration;

public sealed class MediaNodeOptionsValidatorTests
{
    private static readonly MediaNodeOptions Good = new() { NodeId = "node-1", Gateways = ["http://gateway:8081"] };

    [Test]
    public void Default_options_are_valid_for_an_embedded_node() =>
        Assert.That(Errors(new MediaNodeOptions { NodeId = "node-1" }, MediaNodeRole.Embedded), Is.Empty);

    [Test]
    public void Options_of_a_standalone_node_without_a_gateway_are_invalid()
    {
        Assert.That(Errors(Good), Is.Empty);
        Assert.That(
            Errors(Good with { Gateways = [] }),
            Is.EqualTo(new[] { "Hype:MediaNode:Gateways must name at least one gateway's gRPC address." }));
    }

    [Test]
    public void Validation_reports_all_errors_at_once()
    {
        var errors = Errors(new MediaNodeOptions
        {
            NodeId = "",
            Region = new string('r', 65),
            Workers = 257,
            UdpPort = 65_536,
            MaxEndpoints = 0,
            Aes = (AesEngine)7,
            AnnouncedAddresses = ["192.0.2.1", "localhost"],
            ControlUrl = "8082",
            Gateways = ["ftp://gateway"],
        });

        string[] keys = ["NodeId", "Region", "Workers", "UdpPort", "Aes", "MaxEndpoints", "AnnouncedAddresses", "ControlUrl", "Gateways"];
        Assert.That(errors.Select(error => error.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries)[2]), Is.EqualTo(keys));
    }

    [TestCase("http://0.0.0.0:8082", "reach")]
    [TestCase("http://[::]:8082", "reach")]
    [TestCase("https://node:8082", "http://")]
    public void Control_url_with_a_wildcard_or_https_is_invalid(string url, string hint) =>
        Assert.That(Errors(Good with { ControlUrl = url }).Single(), Does.Contain(hint));

    [Test]
    public void Udp_port_range_beyond_65535_is_invalid()
    {
        Assert.That(Errors(Good with { UdpPort = 65_535, Workers = 1 }), Is.Empty);
        Assert.That(Errors(Good with { UdpPort = 65_535, Workers = 2 }), Has.Exactly(1).Contains("too few ports"));
    }

    private static string[] Errors(MediaNodeOptions options, object? role = null) =>
        [.. new MediaNodeOptionsValidator((MediaNodeRole)(role ?? MediaNodeRole.Process)).Validate(null, options).Failures ?? []];
}
