using System.Net;
using System.Net.Sockets;
using Hype.Hosting.Starting;

namespace Hype.Hosting.Tests.Starting;

public sealed class PortCheckTests
{
    private readonly TcpListener _taken = new(IPAddress.Loopback, 0);

    [OneTimeSetUp]
    public void Listen() => _taken.Start();

    [OneTimeTearDown]
    public void Stop() => _taken.Dispose();

    private int Port => ((IPEndPoint)_taken.LocalEndpoint).Port;

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("*")]
    public void Web_port_in_use_is_reported_with_the_configuration_key_and_a_remedy(string host) => Assert.That(
        new PortCheck().Web("Hype:Silo:Url", $"http://{host}:{Port}").Errors,
        Is.EqualTo(new[] { $"Hype:Silo:Url: http://{host}:{Port} is already in use. Stop the other process, or set another port." }));

    [Test]
    public void TCP_port_in_use_is_reported() => Assert.That(
        new PortCheck().Tcp("Hype:Silo:SiloPort", IPAddress.Loopback, Port).Errors.Single(),
        Does.StartWith($"Hype:Silo:SiloPort: TCP 127.0.0.1:{Port} is already in use."));

    [Test]
    public void UDP_port_in_use_within_a_range_is_reported()
    {
        using var taken = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        taken.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.That(
            new PortCheck().Udp("Hype:MediaNode:UdpPort", port - 1, 2).Errors,
            Has.Some.StartsWith($"Hype:MediaNode:UdpPort: UDP {port} is already in use."));
    }

    [Test]
    public void Address_of_another_machine_is_reported() =>
        Assert.That(new PortCheck()
            .Web("Hype:Silo:Url", "http://203.0.113.7:8083").Errors.Single(), Does.Contain("is not an address of this machine"));

    [Test]
    public void Free_ports_pass_the_port_check_and_are_released_after_the_check()
    {
        var port = FreePort();
        var address = $"http://127.0.0.1:{port}";
        Assert.That(new PortCheck().Web("first", address).Web("second", address).Web("any", "http://localhost:0")
            .Udp("any", 0, 8).Errors, Is.Empty);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
