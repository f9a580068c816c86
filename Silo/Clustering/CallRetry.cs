using System.Reflection;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Invocation;

namespace Hype.Silo.Clustering;

/// <summary>
/// A call to a grain whose silo died is made again until the grain is up elsewhere: whoever waits for it is answered late and not
/// refused. What such a call may have done died with the silo's memory, or was stored and is done twice: settings and bans are then what they were,
/// a second seat of the same identity replaces the first, and who created a channel may hear that it exists.
/// A call that timed out is made again only where its contract says how long one attempt may take (<see cref="ResponseTimeoutAttribute"/>):
/// a silo that died takes the calls that it was carrying out along, and nobody tells those who wait.
/// </summary>
internal sealed class CallRetry(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>For how long: a little less than a gateway waits (<c>Hype:Signaling:CallTimeout</c>).</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Between two attempts: a death is known after 1–3 s.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>This call is an attempt of one that is being made again.</summary>
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
                    await AskAnewAsync(context, arguments!);
                else
                    await context.Invoke();
                return;
            }
            catch (Exception exception) when ((IsSiloGone(exception) || (exception is TimeoutException && arguments is not null)) && time.GetElapsedTime(start) < Patience)
            {
                // The next attempt finds out whether the cluster knows by now.
                timedOut |= exception is TimeoutException;
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>
    /// As a request of its own. A grain of this silo has the first one itself, and not a copy: when it has carried it out, late, the request
    /// goes back into a pool, and would be somebody else's by the time that it is carried out again.
    /// </summary>
    private static async Task AskAnewAsync(IOutgoingGrainCallContext context, object?[] arguments)
    {
        IsAttempt.Value = true;
        var call = (Task)context.InterfaceMethod.Invoke(context.Grain, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        await call;
        if (context.InterfaceMethod.ReturnType == typeof(Task))
            context.Response = Response.Completed;
        else
            context.Result = call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call);
    }

    private static object?[] ArgumentsOf(IInvokable request) => [.. Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)];

    /// <summary>Dead, being given up, or not reached: in none of these did an answer get lost that the silo could still give.</summary>
    private static bool IsSiloGone(Exception exception) => exception is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;

    private static bool MayBeRepeated(IOutgoingGrainCallContext context) => context.InterfaceMethod.IsDefined(typeof(ResponseTimeoutAttribute), inherit: false);
}
