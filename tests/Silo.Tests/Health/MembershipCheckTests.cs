using System.Reflection;
using Hype.Grains.Silos;
using Hype.Silo.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Silo.Tests.Health;

public sealed class MembershipCheckTests
{
    [TestCase(SiloStatus.Active, 0, HealthStatus.Healthy)]
    [TestCase(SiloStatus.Active, 1, HealthStatus.Healthy, Description = "a reading of the table takes a moment")]
    [TestCase(SiloStatus.Active, 1.1, HealthStatus.Unhealthy, Description = "it answers no call")]
    [TestCase(SiloStatus.Joining, 0, HealthStatus.Unhealthy)]
    [TestCase(SiloStatus.Dead, 0, HealthStatus.Unhealthy)]
    public async Task Silo_is_ready_while_it_is_active_and_its_gate_is_not_closed_for_long(
        SiloStatus silo, double closedForSeconds, HealthStatus expected)
    {
        var oracle = DispatchProxy.Create<ISiloStatusOracle, FakeOracle>();
        ((FakeOracle)(object)oracle).Status = silo;
        var check = new MembershipCheck(oracle, new Gate(TimeSpan.FromSeconds(closedForSeconds)));
        Assert.That((await check.CheckHealthAsync(new HealthCheckContext())).Status, Is.EqualTo(expected));
    }

    private sealed record Gate(TimeSpan ClosedFor) : IMembershipGate
    {
        public bool IsConfirmed => true;

        public TimeSpan Silence => TimeSpan.FromSeconds(3);

        public ValueTask<bool> PassAsync() => ValueTask.FromResult(true);
    }

    /// <summary>A membership oracle that knows only the status of this silo.</summary>
    public class FakeOracle : DispatchProxy
    {
        public SiloStatus Status { get; set; }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => Status;
    }
}
