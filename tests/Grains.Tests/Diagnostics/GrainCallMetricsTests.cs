using System.Reflection;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Diagnostics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GrainCallMetricsTests : IDisposable
{
    private const string Duration = "hype.grain.call.duration";
    private const string Failures = "hype.grain.call.failures";
    private const string Join = "grain=Channel method=Join";

    private static readonly MethodInfo JoinMethod = typeof(IChannelGrain).GetMethod(nameof(IChannelGrain.Join))!;

    private readonly RecordedMetrics _recorded = new();
    private readonly GrainCallMetrics _calls;

    public GrainCallMetricsTests() => _calls = new GrainCallMetrics(_recorded.Meters);

    public void Dispose() => _recorded.Dispose();

    [Test]
    public async Task Completed_grain_call_is_measured_by_grain_and_method()
    {
        await _calls.Invoke(FakeCallContext.Create(JoinMethod, () => Task.CompletedTask));
        Assert.That(_recorded.Read(Duration).Keys, Is.EqualTo(new[] { Join }));
        Assert.That(_recorded.Read(Failures), Is.Empty);
    }

    [Test]
    public void Failed_grain_call_is_measured_and_counted_and_the_exception_is_rethrown()
    {
        var call = FakeCallContext.Create(JoinMethod, () => Task.FromException(new TimeoutException()));
        Assert.That(async () => await _calls.Invoke(call), Throws.InstanceOf<TimeoutException>());
        Assert.That(_recorded.Read(Duration).Keys, Is.EqualTo(new[] { Join }));
        Assert.That(_recorded.Read(Failures), Is.EqualTo(new Dictionary<string, double> { [Join] = 1 }));
    }

    [Test]
    public async Task Call_of_an_Orleans_system_grain_is_executed_but_not_measured()
    {
        var invoked = false;
        var method = typeof(IManagementGrain).GetMethod(nameof(IManagementGrain.GetSimpleGrainStatistics), [])!;
        await _calls.Invoke(FakeCallContext.Create(method, () =>
        {
            invoked = true;
            return Task.CompletedTask;
        }));
        Assert.That(invoked);
        Assert.That(_recorded.Read(Duration), Is.Empty);
    }

    /// <summary>A fake grain call, which has only the method that the filter reads.</summary>
    private class FakeCallContext : DispatchProxy
    {
        private MethodInfo _method = null!;
        private Func<Task> _invoke = null!;

        public static IIncomingGrainCallContext Create(MethodInfo method, Func<Task> invoke)
        {
            var context = Create<IIncomingGrainCallContext, FakeCallContext>();
            (((FakeCallContext)(object)context)._method, ((FakeCallContext)(object)context)._invoke) = (method, invoke);
            return context;
        }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => method!.Name switch
        {
            "get_InterfaceMethod" => _method,
            "Invoke" => _invoke(),
            _ => throw new NotSupportedException(method.Name),
        };
    }
}
