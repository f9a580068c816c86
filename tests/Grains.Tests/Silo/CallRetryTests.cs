using System.Reflection;
using Hype.Grains.Abstractions.Channels;
using Hype.Silo.Clustering;
using Orleans.Serialization.Invocation;

namespace Hype.Grains.Tests.Silo;

public sealed class CallRetryTests
{
    [Test]
    public async Task A_call_to_a_silo_that_died_is_made_again()
    {
        var call = new Call(new SiloUnavailableException("gone"), new SiloUnavailableException("still"), null);
        await new CallRetry(new Clock()).Invoke(call);
        Assert.That(call.Attempts, Is.EqualTo(3));
    }

    [Test]
    public void One_that_timed_out_is_not() => AssertFailsAtOnce(new TimeoutException());

    [Test]
    public async Task One_that_timed_out_is_where_its_contract_bounds_an_attempt()
    {
        var call = new Call(new TimeoutException(), null) { InterfaceMethod = typeof(IChannelGrain).GetMethod(nameof(IChannelGrain.Join))! };
        await new CallRetry(new Clock()).Invoke(call);
        Assert.That(call.Attempts, Is.EqualTo(2));
    }

    [Test]
    public void One_that_the_grain_refused_is_not() => AssertFailsAtOnce(new InvalidOperationException());

    [Test]
    public void Patience_ends_before_that_of_the_client()
    {
        var clock = new Clock();
        var call = new Call(new SiloUnavailableException("gone"));
        Assert.ThrowsAsync<SiloUnavailableException>(() => new CallRetry(clock).Invoke(call));
        Assert.That(call.Attempts, Is.EqualTo(1 + CallRetry.Patience / CallRetry.Pause));
        Assert.That(CallRetry.Patience, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    private static void AssertFailsAtOnce(Exception exception)
    {
        var call = new Call(exception);
        Assert.ThrowsAsync(exception.GetType(), () => new CallRetry(new Clock()).Invoke(call));
        Assert.That(call.Attempts, Is.EqualTo(1));
    }

    /// <summary>Time passes by waiting only, and at once.</summary>
    private sealed class Clock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends as it is told, in the end always the same way.</summary>
    private sealed class Call(params Exception?[] endings) : IOutgoingGrainCallContext
    {
        public int Attempts { get; private set; }

        public Task Invoke() => endings[Math.Min(Attempts++, endings.Length - 1)] is { } exception ? Task.FromException(exception) : Task.CompletedTask;

        public IInvokable Request => throw new NotSupportedException();

        public object Grain => throw new NotSupportedException();

        public MethodInfo InterfaceMethod { get; init; } = typeof(IChannelGrain).GetMethod(nameof(IChannelGrain.SetBan))!;

        public object? Result { get; set; }

        public Response? Response { get; set; }

        public GrainId? SourceId => null;

        public IGrainContext? SourceContext => null;

        public GrainId TargetId => throw new NotSupportedException();

        public GrainInterfaceType InterfaceType => throw new NotSupportedException();

        public string InterfaceName => throw new NotSupportedException();

        public string MethodName => throw new NotSupportedException();
    }
}
