using System.Net;
using System.Net.Sockets;
using Hype.Hosting.Starting;
using Hype.Silo.Clustering;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hype.Grains.Tests.Silo;

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
    public void A_port_that_is_taken_is_named_with_its_key_and_what_to_do(string host) => Assert.That(
        new PortCheck().Web("Hype:Silo:Url", $"http://{host}:{Port}").Errors,
        Is.EqualTo(new[] { $"Hype:Silo:Url: http://{host}:{Port} is already in use. Stop the other process, or set another port." }));

    [Test]
    public void A_port_between_silos_too() => Assert.That(new PortCheck().Tcp("Hype:Silo:SiloPort", IPAddress.Loopback, Port).Errors.Single(), Does.StartWith($"Hype:Silo:SiloPort: TCP 127.0.0.1:{Port} is already in use."));

    [Test]
    public void Media_ports_are_looked_at_in_a_row()
    {
        using var taken = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        taken.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.That(new PortCheck().Udp("Hype:MediaNode:UdpPort", port - 1, 2).Errors, Has.Some.StartsWith($"Hype:MediaNode:UdpPort: UDP {port} is already in use."));
    }

    [Test]
    public void An_address_of_another_machine_is_named() =>
        Assert.That(new PortCheck().Web("Hype:Silo:Url", "http://203.0.113.7:8083").Errors.Single(), Does.Contain("is no address of this machine"));

    [Test]
    public void Free_ports_are_no_error_and_stay_free()
    {
        var port = FreePorts.Find(1)[0];
        Assert.That(new PortCheck().Web("first", $"http://127.0.0.1:{port}").Web("again", $"http://127.0.0.1:{port}").Web("any", "http://localhost:0").Udp("any", 0, 8).Errors, Is.Empty);
    }

    [Test]
    public async Task A_silo_says_so_in_a_sentence_and_starts_nothing()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Hype:Silo:Url"] = $"http://127.0.0.1:{Port}" });
        builder.WebHost.UseKestrelCore();
        builder.AddHypeSilo();
        builder.Services.AddSingleton<IHostedService, MustNotStart>();
        await using var app = builder.Build();
        using var errors = new StringWriter();
        Assert.That(await app.RunOrExplainAsync(errors), Is.EqualTo(ExitCode.CannotListen));
        Assert.That(errors.ToString().TrimEnd().Split('\n'), Has.Length.EqualTo(2).And.Some.Contains("Hype:Silo:Url"));
    }

    private sealed class MustNotStart : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new AssertionException("It was started.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
