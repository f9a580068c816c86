using System.Net;
using Hype.Gateway.Health;
using Hype.Gateway.Tests.Testing;
using Hype.Testing.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Gateway.Tests.Health;

public sealed class ReadinessTests
{
    [Test]
    public async Task Readiness_requests_call_no_grain()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var http = gateway.Http();
        var pings = gateway.Cluster.Pings;
        for (var i = 0; i < 20; i++)
            Assert.That((await http.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(gateway.Cluster.Pings, Is.EqualTo(pings));
        Assert.That(gateway.Cluster.Lists, Is.Zero, "no grain of the channel index decides");
    }

    [Test]
    public async Task Gateway_is_not_ready_three_seconds_after_the_last_answer_of_a_silo_and_ready_again_after_the_next()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var http = gateway.Http();
        gateway.Cluster.PingFailure = new SiloUnavailableException("gone");
        gateway.Time.Advance(ClusterContact.Fresh);
        Assert.That((await http.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "one silo may be lost meanwhile");
        gateway.Time.Advance(TimeSpan.FromTicks(1));
        Assert.That((await http.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        gateway.Cluster.PingFailure = null;
        var contact = gateway.Services.GetRequiredService<ClusterContact>();
        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        // The round of pings runs on the thread pool.
        await Poll.UntilAsync(() => contact.IsFresh);

        Assert.That((await http.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Gateway_is_not_ready_before_a_silo_has_answered()
    {
        await using var gateway = await GatewayHost.StartAsync(new FakeCluster { PingFailure = new TimeoutException() });
        using var http = gateway.Http();
        Assert.That((await http.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await http.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "a restart would not help");
    }
}
