using System.Net;
using System.Net.Sockets;
using Hype.Hosting.Starting;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hype.Silo.Tests.Hosting;

public sealed class StartUpTests
{
    [Test]
    public async Task Silo_with_a_port_in_use_prints_the_error_and_starts_no_service()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Hype:Silo:Url"] = $"http://{taken.LocalEndpoint}" });
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
        public Task StartAsync(CancellationToken cancellationToken) => throw new AssertionException("The silo started its services.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
