using System.Collections.Concurrent;
using System.Threading.Channels;
using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.Tests.Testing;

/// <summary>Delays chosen grain calls until the test releases them, as if their grain were busy or moving.</summary>
internal sealed class HeldCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Method, string Key), HeldCall> _held = new();
    private readonly ConcurrentDictionary<(string Method, string Key), Channel<TaskCompletionSource>> _heldEach = new();
    private readonly ConcurrentDictionary<(string Method, string Key), HeldCall> _heldAnswers = new();
    private readonly ConcurrentDictionary<(string Method, string Key), TimeSpan> _ages = new();

    /// <summary>Delays the calls of one method of one grain until the test releases all of them.</summary>
    public HeldCall Hold(string method, string key) => _held[(method, key)] = new HeldCall();

    /// <summary>Delays the calls of one method of one grain; the test releases each call individually.</summary>
    public ChannelReader<TaskCompletionSource> HoldEach(string method, string key)
    {
        var doors = Channel.CreateUnbounded<TaskCompletionSource>();
        _heldEach[(method, key)] = doors;
        return doors;
    }

    /// <summary>Makes the calls of one method of one grain look like late attempts (<see cref="CallAttempt.Age"/>).</summary>
    public void Age(string method, string key, TimeSpan age) => _ages[(method, key)] = age;

    /// <summary>Executes the calls of one method of one grain, and delays their answers until the test releases them.</summary>
    public HeldCall HoldAnswer(string method, string key) => _heldAnswers[(method, key)] = new HeldCall();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (_held.TryGetValue((context.MethodName, context.TargetId.Key.ToString()!), out var held))
            await held.WaitAsync(context.Request.GetCancellationToken());
        if (_heldEach.TryGetValue((context.MethodName, context.TargetId.Key.ToString()!), out var doors))
        {
            var letIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await doors.Writer.WriteAsync(letIn);
            await letIn.Task;
        }

        if (_ages.TryGetValue((context.MethodName, context.TargetId.Key.ToString()!), out var age))
            CallAttempt.Age = age;
        await context.Invoke();
        if (_heldAnswers.TryGetValue((context.MethodName, context.TargetId.Key.ToString()!), out var answer))
            await answer.WaitAsync(CancellationToken.None);
    }

    internal sealed class HeldCall
    {
        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letIn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The task that completes when the first delayed call has arrived.</summary>
        public Task Came => _came.Task;

        /// <summary>The task that completes when the caller's cancellation has reached the grain.</summary>
        public Task Cancelled => _cancelled.Task;

        public void LetIn() => _letIn.SetResult();

        public async Task WaitAsync(CancellationToken call)
        {
            await using var registration = call.Register(() => _cancelled.TrySetResult());
            _came.TrySetResult();
            await _letIn.Task;
        }
    }
}
