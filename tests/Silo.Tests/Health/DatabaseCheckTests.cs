using System.Net;
using System.Net.Sockets;
using Hype.Clustering;
using Hype.Silo.Health;
using Hype.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Health;

public sealed class DatabaseCheckTests
{
    [Test]
    public async Task Silo_without_its_database_is_degraded_and_asks_again_when_the_shared_answer_is_too_old()
    {
        using var database = new TcpListener(IPAddress.Loopback, 0);
        database.Start();
        var connections = 0;
        var closing = CloseAllAsync();
        await using var services = new ServiceCollection()
            .AddSingleton(new PostgreSqlGrainDatabase(
                $"Host=127.0.0.1;Port={((IPEndPoint)database.LocalEndpoint).Port};Username=hype;SSL Mode=Disable"))
            .BuildServiceProvider();
        var time = new FakeTimeProvider();
        var check = new DatabaseCheck(Options.Create(new ClusterOptions { Provider = "Redis" }), services, time);

        Assert.That(await StatusAsync(), Is.EqualTo(HealthStatus.Degraded));
        var first = connections;
        Assert.That(first, Is.Positive);
        time.Advance(SharedResult<string?>.Age - TimeSpan.FromTicks(1));
        Assert.That((await StatusAsync(), connections), Is.EqualTo((HealthStatus.Degraded, first)), "the shared answer");
        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await StatusAsync(), Is.EqualTo(HealthStatus.Degraded));
        Assert.That(connections, Is.GreaterThan(first));

        database.Stop();
        await closing;

        async Task<HealthStatus> StatusAsync() => (await check.CheckHealthAsync(new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("database", check, HealthStatus.Degraded, tags: null),
        })).Status;

        // A server that closes every connection.
        async Task CloseAllAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await database.AcceptTcpClientAsync();
                    Interlocked.Increment(ref connections);
                }
            }
            catch (SocketException)
            {
                // The test has ended.
            }
        }
    }

    [Test]
    public async Task Silo_of_the_embedded_mode_has_no_shared_database_and_is_healthy()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var check = new DatabaseCheck(Options.Create(new ClusterOptions()), services, TimeProvider.System);

        Assert.That((await check.CheckHealthAsync(new HealthCheckContext())).Status, Is.EqualTo(HealthStatus.Healthy));
    }
}
