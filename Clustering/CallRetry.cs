using System.Reflection;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Invocation;

namespace Hype.Clustering;

/// <summary>
/// Repeats a grain call whose silo died until the grain is active on another silo: the caller gets a late answer instead of an error.
/// Effects of the first attempt either died with the silo's memory, or were stored and are then applied twice: settings and bans end up
/// the same, a second seat of the same identity replaces the first, and creating a channel may answer that it exists already. A call that
/// timed out is repeated only where its contract limits one attempt (<see cref="ResponseTimeoutAttribute"/>): calls executing on a silo
/// that dies are lost silently, and their caller sees only the timeout.
/// </summary>
public sealed class CallRetry(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>
    /// No new attempt starts after this time: a little less than the time that a gateway waits for a call
    /// (<c>Hype:Signaling:CallTimeout</c>).
    /// </summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>The pause between two attempts: short compared with the 1–3 s in which the cluster detects a silo's death.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>True while this filter itself makes an attempt: the filter also sees its own repeated calls.</summary>
    private static readonly AsyncLocal<bool> IsAttempt = new();

    public Task Invoke(IOutgoingGrainCallContext context) => IsAttempt.Value ? context.Invoke() : InvokeAsync(context);

    private async Task InvokeAsync(IOutgoingGrainCallContext context)
    {
        var arguments = MayBeRepeated(context) ? ArgumentsOf(context.Request) : null;
        var timedOut = false;
        for (var start = time.GetTimestamp(); ;)
        {
            try
            {
                if (timedOut)
                    await RepeatAsync(context, arguments!);
                else
                    await context.Invoke();
                return;
            }
            catch (Exception exception) when (IsRetryable(exception, arguments) && time.GetElapsedTime(start) < Limit)
            {
                // The next attempt finds out whether the cluster has detected the death by now.
                timedOut |= exception is TimeoutException;
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>
    /// Repeats the call with a new request object. The first object must not be sent again: a grain in the same silo holds that object
    /// and not a copy of it, and may still execute it late. Orleans then returns the object to a pool, from which another call may take
    /// it.
    /// </summary>
    private static async Task RepeatAsync(IOutgoingGrainCallContext context, object?[] arguments)
    {
        IsAttempt.Value = true;
        var call = (Task)context.InterfaceMethod.Invoke(context.Grain, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        await call;
        if (context.InterfaceMethod.ReturnType == typeof(Task))
            context.Response = Response.Completed;
        else
            context.Result = call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call);
    }

    private static object?[] ArgumentsOf(IInvokable request) =>
        [.. Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)];

    private static bool IsRetryable(Exception exception, object?[]? arguments) =>
        IsSiloGone(exception) || (exception is TimeoutException && arguments is not null);

    /// <summary>Returns true if the silo is dead, suspected or unreachable, so that it can no longer answer.</summary>
    private static bool IsSiloGone(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;

    private static bool MayBeRepeated(IOutgoingGrainCallContext context) =>
        context.InterfaceMethod.IsDefined(typeof(ResponseTimeoutAttribute), inherit: false);
}
