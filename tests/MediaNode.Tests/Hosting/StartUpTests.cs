using System.Net;
using System.Net.Sockets;
using Hype.Hosting.Starting;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Hype.MediaNode.Tests.Hosting;

public sealed class StartUpTests
{
    [Test]
    public async Task All_configuration_errors_are_explained_without_a_stack_trace()
    {
        var (exitCode, text) = await RunAsync(("Workers", "1000"), ("AnnouncedAddresses:0", "here"), ("ControlUrl", "nowhere"));

        Assert.That(exitCode, Is.EqualTo(ExitCode.InvalidConfiguration));
        Assert.That(text, Does.Contain("4 errors"));
        foreach (var key in (string[])["Workers", "AnnouncedAddresses", "ControlUrl", "Gateways"])
            Assert.That(text, Does.Contain(key));
        Assert.That(text, Does.Not.Contain("   at "));
    }

    [Test]
    public async Task Option_of_the_wrong_type_is_explained_with_the_name_of_its_key()
    {
        var (exitCode, text) = await RunAsync(("Workers", "many"), ("Gateways:0", "http://127.0.0.1:1"));

        Assert.That(exitCode, Is.EqualTo(ExitCode.InvalidConfiguration));
        Assert.That(text, Does.Contain("Hype:MediaNode:Workers").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Start_on_an_occupied_media_port_fails_with_an_explanation()
    {
        using var taken = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        taken.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var (exitCode, text) = await RunAsync(
            ("UdpPort", $"{port}"), ("Workers", "1"), ("Gateways:0", "http://127.0.0.1:1"), ("ControlUrl", "http://127.0.0.1:0"),
            ("MetricsUrl", ""));

        Assert.That(exitCode, Is.EqualTo(ExitCode.CannotListen));
        Assert.That(text, Does.Contain("Hype:MediaNode:UdpPort"));
    }

    [Test]
    public async Task Start_on_an_occupied_control_port_fails_with_an_explanation()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        var (exitCode, text) = await RunAsync(("Gateways:0", "http://127.0.0.1:1"), ("ControlUrl", url));

        Assert.That(exitCode, Is.EqualTo(ExitCode.CannotListen));
        Assert.That(text, Does.Contain($"Hype:MediaNode:ControlUrl: {url} is already in use").And.Not.Contain("   at "));
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"{MediaNodeOptions.Section}:{setting.Key}", (string?)setting.Value)));
        builder.AddHypeMediaNode();
        await using var app = builder.Build();
        app.MapHypeMediaNode();
        var errors = new StringWriter();
        return (await app.RunOrExplainAsync(errors), errors.ToString());
    }
}
