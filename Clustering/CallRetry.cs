using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Hype.Grains.Abstractions.Calls;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Invocation;

namespace Hype.Clustering;

/// <summary>
/// Repeats a grain call whose silo died until the grain is active on another silo: the caller gets a late answer instead of an error.
/// Only calls that are marked <see cref="IdempotentAttribute"/> are repeated, because the first attempt may have been executed: its
/// effects then died with the silo's memory, or are applied twice. Calls executing on a silo that dies are lost silently, and their
/// caller sees only a timeout; so a call with a short timeout (<see cref="CallTimeouts.Attempt"/>) is repeated after it. A client does not
/// wait for this timeout when it loses a silo: it repeats all such calls that wait for an answer, because it does not know which of them
/// that silo executed. A call with a longer timeout goes on: it probably executes on another silo, and its repetition would find its work
/// done. Silos need no such signal: Orleans ends their calls to a silo that was declared dead.
/// </summary>
/// <param name="losses">The silos that this client lost; null in a silo.</param>
public sealed class CallRetry(TimeProvider time, SiloLosses? losses = null) : IOutgoingGrainCallFilter
{
    /// <summary>
    /// No new attempt starts after this time. With the timeout of the last attempt (<see cref="CallTimeouts.Attempt"/>) it is less than
    /// the time that a gateway waits for a call (<c>Hype:Signaling:CallTimeout</c>), which is less than the time that a client waits.
    /// </summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(7.5);

    /// <summary>The pause between two attempts: short compared with the 1–3 s in which the cluster detects a silo's death.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>True while this filter itself makes an attempt: the filter also sees its own repeated calls.</summary>
    private static readonly AsyncLocal<bool> IsAttempt = new();

    private static readonly TimeSpan AttemptTimeout = TimeSpan.Parse(CallTimeouts.Attempt, CultureInfo.InvariantCulture);

    /// <summary>The methods that were called so far, and how they may be repeated: read once per method, not once per call.</summary>
    private static readonly ConcurrentDictionary<MethodInfo, Repetition> Repetitions = new();

    public Task Invoke(IOutgoingGrainCallContext context) => IsAttempt.Value ? context.Invoke() : InvokeAsync(context);

    private async Task InvokeAsync(IOutgoingGrainCallContext context)
    {
        var repetition = Repetitions.GetOrAdd(context.InterfaceMethod, RepetitionOf);
        if (repetition == Repetition.Never)
        {
            await context.Invoke();
            return;
        }

        var arguments = ArgumentsOf(context.Request);
        var start = time.GetTimestamp();
        // An attempt of a client may be given up while it waits: its request object is never the caller's.
        var (renew, age) = (losses is not null, TimeSpan.Zero);
        while (true)
        {
            try
            {
                (CallAttempt.Age, CallAttempt.Suspended) = (age, TimeSpan.Zero);
                if (renew)
                    await RepeatAsync(context, arguments, start, repetition == Repetition.AfterLoss ? losses?.Next : null);
                else
                    await context.Invoke();
                return;
            }
            catch (Exception exception) when (IsRetryable(exception) && time.GetElapsedTime(start) < Limit)
            {
                // The next attempt finds out whether the cluster has detected the death by now.
                renew |= exception is TimeoutException;
            }

            await Task.Delay(Pause, time);
            age = time.GetElapsedTime(start);
        }
    }

    /// <summary>
    /// Makes the call with a new request object. The object of an earlier attempt must not be sent again: a grain in the same silo holds
    /// that object and not a copy of it, and may still execute it late. Orleans then returns the object to a pool, from which another
    /// call may take it.
    /// </summary>
    /// <param name="context">The call of the caller, which gets the result.</param>
    /// <param name="arguments">The arguments of the call.</param>
    /// <param name="start">The timestamp of the first attempt.</param>
    /// <param name="lost">Completes when a silo is lost; null: the call does not depend on it.</param>
    /// <exception cref="TimeoutException">No answer arrived in time, or before a silo was lost.</exception>
    private async Task RepeatAsync(IOutgoingGrainCallContext context, object?[] arguments, long start, Task? lost)
    {
        IsAttempt.Value = true;
        var call = (Task)context.InterfaceMethod.Invoke(context.Grain, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        if (lost is not null && await Task.WhenAny(call, lost) == lost && !call.IsCompleted && time.GetElapsedTime(start) < Limit)
        {
            call.Ignore();
            throw new TimeoutException("A silo was lost before it answered, possibly the one that executed this call.");
        }

        await call;
        if (context.InterfaceMethod.ReturnType == typeof(Task))
            context.Response = Response.Completed;
        else
            context.Result = call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call);
    }

    private static object?[] ArgumentsOf(IInvokable request) =>
        [.. Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)];

    /// <summary>Returns true if the silo did not answer in time, or is dead, suspected or unreachable.</summary>
    private static bool IsRetryable(Exception exception) =>
        exception is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;

    private static Repetition RepetitionOf(MethodInfo method) =>
        !method.IsDefined(typeof(IdempotentAttribute), inherit: false) ? Repetition.Never
        : method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout <= AttemptTimeout ? Repetition.AfterLoss
        : Repetition.AfterFailure;

    private enum Repetition
    {
        Never,

        /// <summary>After a timeout, or when the silo is dead, suspected or unreachable.</summary>
        AfterFailure,

        /// <summary>Also when any silo is lost.</summary>
        AfterLoss,
    }
}
