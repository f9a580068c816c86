using System.Diagnostics.Metrics;
using Hype.Gateway.Signaling.Replica;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Metrics for classes that a test creates without a host.</summary>
internal static class TestMetrics
{
    private static readonly IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static ReplicaMetrics Replica() => new(Meters);
}
