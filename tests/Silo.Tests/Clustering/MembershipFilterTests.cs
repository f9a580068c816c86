using System.Reflection;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Tests.Testing;
using Hype.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipFilterTests
{
    private static readonly FailureDetection Detection = new(TimeSpan.FromSeconds(0.75));
    private static readonly TimeSpan Pause = Detection.LongestPause;

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipGate _gate;
    private readonly MembershipFilter _filter;
    private int _executed;

    public MembershipFilterTests()
    {
        _gate = new MembershipGate(Detection, _time);
        _filter = new MembershipFilter(_gate, _time);
    }

    [Test]
    public async Task Call_that_arrives_after_a_pause_is_executed_when_the_silo_is_a_member()
    {
        _time.Advance(Pause);
        var call = _filter.Invoke(CallOf(typeof(IChannelGrain)));
        Assert.That(_executed, Is.Zero);
        _gate.Confirm(_time.GetTimestamp());
        await call;
        Assert.That(_executed, Is.EqualTo(1));
    }

    [Test]
    public async Task Age_of_a_call_that_waited_contains_the_pause_and_the_wait()
    {
        var age = TimeSpan.Zero;
        _time.Advance(TimeSpan.FromSeconds(12));
        var call = _filter.Invoke(CallOf(typeof(IChannelGrain), () => age = CallAttempt.Age));
        _time.Advance(TimeSpan.FromSeconds(1));
        _gate.Tick();
        _gate.Confirm(_time.GetTimestamp());
        await call;
        Assert.That(age, Is.EqualTo(TimeSpan.FromSeconds(13)));
    }

    [Test]
    public async Task Correction_of_the_wall_clock_does_not_add_to_the_age_of_a_call()
    {
        var time = new SteppedTime();
        var gate = new MembershipGate(Detection, time);
        var (age, suspended) = (TimeSpan.MaxValue, TimeSpan.Zero);
        time.Advance(TimeSpan.FromMilliseconds(100));
        time.Step(TimeSpan.FromMinutes(3));
        var call = new MembershipFilter(gate, time).Invoke(
            CallOf(typeof(IChannelGrain), () => (age, suspended) = (CallAttempt.Age, CallAttempt.Suspended)));
        Assert.That(_executed, Is.Zero, "the machine may have been suspended");
        gate.Confirm(time.GetTimestamp());
        await call;
        Assert.That((age, suspended), Is.EqualTo((TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(3))));
    }

    [Test]
    public void Call_that_arrives_after_a_pause_is_never_executed_by_a_dead_silo()
    {
        _time.Advance(Pause);
        var call = _filter.Invoke(CallOf(typeof(IChannelGrain)));
        _gate.Lose();
        Assert.That(async () => await call, Throws.TypeOf<SiloUnavailableException>());
        Assert.That(_executed, Is.Zero);
    }

    [Test]
    public void Answer_of_a_call_that_was_executed_around_a_pause_is_not_sent_by_a_dead_silo()
    {
        var call = _filter.Invoke(CallOf(typeof(IChannelGrain), () => _time.Advance(Pause)));
        Assert.That(_executed, Is.EqualTo(1));
        Assert.That(call.IsCompleted, Is.False);
        _gate.Lose();
        Assert.That(async () => await call, Throws.TypeOf<SiloUnavailableException>());
    }

    [Test]
    public async Task Calls_of_Orleans_pass_a_closed_gate()
    {
        _time.Advance(Pause);
        await _filter.Invoke(CallOf(typeof(IMembershipTable)));
        Assert.That(_executed, Is.EqualTo(1));
    }

    private IIncomingGrainCallContext CallOf(Type grain, Action? meanwhile = null)
    {
        var context = DispatchProxy.Create<IIncomingGrainCallContext, FakeContext>();
        ((FakeContext)(object)context).Answer = name => name switch
        {
            "get_InterfaceMethod" => grain.GetMethods()[0],
            nameof(IGrainCallContext.Invoke) => Execute(),
            _ => null,
        };
        return context;

        Task Execute()
        {
            _executed++;
            meanwhile?.Invoke();
            return Task.CompletedTask;
        }
    }

    /// <summary>A grain call whose members a function of the test answers, by their names.</summary>
    public class FakeContext : DispatchProxy
    {
        public Func<string, object?> Answer { get; set; } = _ => null;

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => Answer(method!.Name);
    }
}
