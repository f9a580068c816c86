using System.Reflection;
using System.Threading.Channels;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Identifiers;
using Hype.Grains.Tests.Testing;
using Orleans.Serialization.Invocation;

namespace Hype.Clustering.Tests;

public sealed class CallRetryTests
{
    [Test]
    public async Task Grain_call_to_an_unavailable_silo_is_repeated()
    {
        var call = new Call(new SiloUnavailableException("gone"), new SiloUnavailableException("still"), null);
        await new CallRetry(new Clock()).Invoke(call);
        Assert.That(call.Attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task Attempt_carries_the_time_since_the_first_attempt()
    {
        var call = new Call(new SiloUnavailableException("gone"), new SiloUnavailableException("still"), null);
        await new CallRetry(new Clock()).Invoke(call);
        Assert.That(call.Ages, Is.EqualTo(new[] { TimeSpan.Zero, CallRetry.Pause, 2 * CallRetry.Pause }));
        Assert.That(CallAttempt.Age, Is.EqualTo(TimeSpan.Zero), "other calls are first attempts");
    }

    [TestCase(typeof(SiloUnavailableException))]
    [TestCase(typeof(TimeoutException))]
    public void Call_that_is_not_idempotent_is_never_repeated(Type failure)
    {
        var call = new Call((Exception)Activator.CreateInstance(failure)!)
        {
            InterfaceMethod = typeof(IChannelGrain).GetMethod(nameof(IChannelGrain.Create))!,
        };
        Assert.ThrowsAsync(failure, () => new CallRetry(new Clock()).Invoke(call));
        Assert.That(call.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Grain_call_is_repeated_with_the_same_arguments_after_a_response_timeout()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await SiloInProcess.Start(folder.Database);
        var gateway = new RecordingGateway("gateway");
        var doors = silo.Calls.HoldEach(nameof(IChannelGrain.Join), "slow");

        var join = silo.Join("slow", "ada", gateway);
        var first = await doors.ReadAsync();
        var again = await doors.ReadAsync();
        first.SetResult();
        while ((await silo.Channel("slow").GetSnapshot()).Participants.IsEmpty)
            await Task.Yield();
        // Orleans has recycled the request object of the first attempt, and other calls use it.
        for (var other = 0; other < 10; other++)
            await silo.Join("fast", $"other-{other}", gateway);
        again.SetResult();
        // On a slow machine, more attempts time out: they must not stay blocked.
        using var end = new CancellationTokenSource();
        var more = LetInAsync(doors, end.Token);
        var seat = await join;
        await end.CancelAsync();
        await more.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var member = (await silo.Channel("slow").GetSnapshot()).Participants.Single();
        Assert.That((member.Identity, member.Number, member.Session), Is.EqualTo(("ada", seat.Number, seat.Session)));
        Assert.That(seat.Number, Is.EqualTo(new MemberNumber(1)), "the second attempt returned the seat of the first");
    }

    [Test]
    public async Task Grain_call_without_a_result_is_repeated_after_a_response_timeout()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await SiloInProcess.Start(folder.Database);
        var seat = await silo.Join("slow", "ada", new RecordingGateway("gateway"));
        var doors = silo.Calls.HoldEach(nameof(IChannelGrain.SetState), "slow");

        var mute = silo.Channel("slow").SetState(seat.Session, muted: true, deafened: false);
        var late = await doors.ReadAsync();
        (await doors.ReadAsync()).SetResult();
        using var end = new CancellationTokenSource();
        var more = LetInAsync(doors, end.Token);
        await mute;
        await end.CancelAsync();
        await more.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        late.SetResult();

        Assert.That((await silo.Channel("slow").GetSnapshot()).Participants.Single().Muted, Is.True);
    }

    [Test]
    public void Idempotent_grain_methods_return_a_Task() =>
        Assert.That(
            typeof(IChannelGrain).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                .Where(method => method.IsDefined(typeof(IdempotentAttribute))),
            Is.Not.Empty.And.All.Matches<MethodInfo>(
                method => method.ReturnType == typeof(Task) || method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)));

    [Test]
    public void Grain_call_is_not_repeated_after_an_exception_of_the_grain() => AssertFailsAtOnce(new InvalidOperationException());

    [Test]
    public void Retries_of_a_grain_call_end_after_the_retry_limit()
    {
        var clock = new Clock();
        var call = new Call(new SiloUnavailableException("gone"));
        Assert.ThrowsAsync<SiloUnavailableException>(() => new CallRetry(clock).Invoke(call));
        Assert.That(call.Attempts, Is.EqualTo(1 + CallRetry.Limit / CallRetry.Pause));
    }

    [Test]
    public async Task Call_in_flight_is_repeated_at_once_when_the_connection_to_a_silo_ends()
    {
        var (losses, grain) = (new SiloLosses(), new Grain());
        var call = grain.NewCall();

        var retried = new CallRetry(new Clock(), losses).Invoke(call);
        losses.Report();
        (await grain.NextAsync()).SetResult(7);
        await retried;

        Assert.That(call.Result, Is.EqualTo(7));
        grain.First.SetResult(1);
        Assert.That(call.Result, Is.EqualTo(7), "the late answer of the first attempt is ignored");
    }

    [Test]
    public async Task Call_in_flight_is_not_repeated_after_the_retry_limit_when_the_connection_to_a_silo_ends()
    {
        var (losses, grain, clock) = (new SiloLosses(), new Grain(), new Clock());
        var call = grain.NewCall();

        var retried = new CallRetry(clock, losses).Invoke(call);
        clock.Advance(CallRetry.Limit);
        losses.Report();
        grain.First.SetResult(3);
        await retried;

        Assert.That((call.Result, grain.Attempts), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task Call_with_a_longer_timeout_is_not_repeated_when_the_connection_to_a_silo_ends()
    {
        var (losses, grain) = (new SiloLosses(), new Grain());
        var call = grain.NewCall(nameof(IAnswers.AskLong));

        var retried = new CallRetry(new Clock(), losses).Invoke(call);
        losses.Report();
        grain.First.SetResult(3);
        await retried;

        Assert.That((call.Result, grain.Attempts), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task Calls_after_the_loss_of_a_silo_are_not_repeated()
    {
        var (losses, grain) = (new SiloLosses(), new Grain());
        losses.Report();
        var call = grain.NewCall();

        var retried = new CallRetry(new Clock(), losses).Invoke(call);
        grain.First.SetResult(5);
        await retried;

        Assert.That((call.Result, grain.Attempts), Is.EqualTo((5, 1)));
    }

    private static void AssertFailsAtOnce(Exception exception)
    {
        var call = new Call(exception);
        Assert.ThrowsAsync(exception.GetType(), () => new CallRetry(new Clock()).Invoke(call));
        Assert.That(call.Attempts, Is.EqualTo(1));
    }

    private static async Task LetInAsync(ChannelReader<TaskCompletionSource> doors, CancellationToken end)
    {
        await foreach (var door in doors.ReadAllAsync(end))
            door.SetResult();
    }

    /// <summary>A clock that stands still, except that each wait advances it at once by the time to wait.</summary>
    private sealed class Clock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Advance(TimeSpan time) => _now += time;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    internal interface IAnswers
    {
        [Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
        Task<int> Ask();

        [Idempotent]
        Task<int> AskLong();
    }

    /// <summary>A grain whose answers the test gives.</summary>
    private sealed class Grain : IAnswers
    {
        private readonly Channel<TaskCompletionSource<int>> _asked = Channel.CreateUnbounded<TaskCompletionSource<int>>();

        public int Attempts { get; private set; }

        /// <summary>The answer to the first attempt.</summary>
        public TaskCompletionSource<int> First { get; } = new();

        public Task<int> Ask()
        {
            if (Attempts++ == 0)
                return First.Task;
            var answer = new TaskCompletionSource<int>();
            _asked.Writer.TryWrite(answer);
            return answer.Task;
        }

        public Task<int> AskLong() => Ask();

        /// <summary>Waits for the next attempt after the first one, and returns its answer.</summary>
        public async Task<TaskCompletionSource<int>> NextAsync() => await _asked.Reader.ReadAsync();

        public Call NewCall(string method = nameof(IAnswers.Ask)) =>
            new() { Grain = this, InterfaceMethod = typeof(IAnswers).GetMethod(method)! };
    }

    /// <summary>
    /// A grain call whose attempts end as the test specifies: with an exception, or with success for null. After the last specified
    /// ending, each attempt ends like it.
    /// </summary>
    private sealed class Call(params Exception?[] endings) : IOutgoingGrainCallContext
    {
        public int Attempts { get; private set; }

        public List<TimeSpan> Ages { get; } = [];

        public Task Invoke()
        {
            Ages.Add(CallAttempt.Age);
            return endings[Math.Min(Attempts++, endings.Length - 1)] is { } exception ? Task.FromException(exception) : Task.CompletedTask;
        }

        public IInvokable Request { get; } = new NoArguments();

        public object Grain { get; init; } = new();

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

    private sealed class NoArguments : TaskRequest
    {
        public override void Dispose()
        {
        }

        public override object GetTarget() => throw new NotSupportedException();

        public override void SetTarget(ITargetHolder holder) => throw new NotSupportedException();

        public override string GetMethodName() => throw new NotSupportedException();

        public override string GetInterfaceName() => throw new NotSupportedException();

        public override string GetActivityName() => throw new NotSupportedException();

        public override Type GetInterfaceType() => throw new NotSupportedException();

        public override MethodInfo GetMethod() => throw new NotSupportedException();

        protected override Task InvokeInner() => throw new NotSupportedException();
    }
}
