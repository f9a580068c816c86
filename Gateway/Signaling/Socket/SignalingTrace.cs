using System.Diagnostics;
using Hype.Gateway.Diagnostics;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Traces one client's messages as spans. The messages from a join to the client's first <c>ready</c> form one trace; messages about a
/// later layout belong to the trace of the switch that opened it. Without a listener no span is created.
/// </summary>
internal sealed class SignalingTrace
{
    private static readonly ActivitySource Source = new(GatewayMeter.Name);

    private ActivityContext _join;

    /// <summary>
    /// Starts the span of one message; returns null when no listener records spans, or the message is of a type that is not traced.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="type">Its name.</param>
    /// <param name="replica">The channel that it is for; null before the client has a seat.</param>
    public Activity? Begin(ClientMessage message, string type, ChannelReplica? replica)
    {
        if (!Source.HasListeners() || !IsTraced(message))
            return null;
        // The span is not part of the socket's request, which lasts as long as the call.
        Activity.Current = null;
        var parent = message switch
        {
            AnswerMessage answer => ParentOf(answer.Epoch),
            ReadyMessage ready => ParentOf(ready.Epoch),
            FailedMessage failed => ParentOf(failed.Epoch),
            _ => default,
        };
        var span = Source.StartActivity($"signaling {type}", ActivityKind.Server, parent);
        if (span is not null && message is JoinMessage or ResumeMessage)
            _join = span!.Context;
        else if (message is ReadyMessage)
            _join = default;
        return span;

        ActivityContext ParentOf(LayoutEpoch epoch) => replica!.TraceOf(epoch) is var change && change != default ? change : _join;
    }

    private static bool IsTraced(ClientMessage message) => message is
        JoinMessage or ResumeMessage or AnswerMessage or ReadyMessage or FailedMessage or MovedMessage or LeaveMessage or SimulateMessage;
}
