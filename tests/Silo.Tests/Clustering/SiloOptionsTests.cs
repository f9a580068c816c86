using Hype.Silo.Clustering;

namespace Hype.Silo.Tests.Clustering;

public sealed class SiloOptionsTests
{
    [Test]
    public void Free_ports_found_in_one_call_are_distinct() => Assert.That(FreePorts.Find(20), Is.Unique.And.All.GreaterThan(0));

    [Test]
    public void All_invalid_settings_are_reported_together() =>
        Assert.That(new SiloOptionsValidator()
            .Validate(null, new SiloOptions { SiloPort = -1, GatewayPort = 70_000 }).Failures!.Count(), Is.EqualTo(2));

    [Test]
    public void Equal_silo_and_gateway_ports_are_refused_unless_they_are_0()
    {
        Assert.That(new SiloOptionsValidator().Validate(null, new SiloOptions { SiloPort = 5000, GatewayPort = 5000 }).Failed);
        Assert.That(new SiloOptionsValidator().Validate(null, new SiloOptions()).Succeeded);
    }

    [TestCase("0.0.0.0")]
    [TestCase("silo.example.org")]
    [TestCase("")]
    public void Advertised_address_other_than_a_reachable_IP_address_is_refused(string address) =>
        Assert.That(Errors(new SiloOptions { AdvertisedAddress = address }), Has.One.Contains("Hype:Silo:AdvertisedAddress"));

    [TestCase("http://127.0.0.1:8083", true)]
    [TestCase("http://*:0", true)]
    [TestCase("https://127.0.0.1:8083", false)]
    [TestCase("http://127.0.0.1:8083/health", false)]
    [TestCase("8083", false)]
    public void Health_URL_is_valid_only_with_the_http_scheme_a_port_and_no_path(string url, bool valid) =>
        Assert.That(Errors(new SiloOptions { Url = url }), valid ? Is.Empty : Has.One.Contains("Hype:Silo:Url"));

    private static IEnumerable<string> Errors(SiloOptions options) => new SiloOptionsValidator().Validate(null, options).Failures ?? [];
}
