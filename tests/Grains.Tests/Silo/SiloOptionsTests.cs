using Hype.Silo.Hosting;

namespace Hype.Grains.Tests.Silo;

public sealed class SiloOptionsTests
{
    [Test]
    public void Free_ports_differ() => Assert.That(FreePorts.Find(20), Is.Unique.And.All.GreaterThan(0));

    [Test]
    public void All_errors_are_reported_at_once() =>
        Assert.That(new SiloOptionsValidator().Validate(null, new SiloOptions { SiloPort = -1, GatewayPort = 70_000 }).Failures!.Count(), Is.EqualTo(2));

    [Test]
    public void The_two_ports_must_differ_when_they_are_given()
    {
        Assert.That(new SiloOptionsValidator().Validate(null, new SiloOptions { SiloPort = 5000, GatewayPort = 5000 }).Failed);
        Assert.That(new SiloOptionsValidator().Validate(null, new SiloOptions()).Succeeded);
    }

    [TestCase("")]
    [TestCase("data/")]
    public void Storage_must_name_a_file(string path) =>
        Assert.That(new StorageOptionsValidator().Validate(null, new StorageOptions { Path = path }).Failed);
}
