using System.Diagnostics;
using Hype.Gateway.Diagnostics;
using Hype.Gateway.Signaling.Messages;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// One client's messages as spans. A join is one trace up to the client's first <c>ready</c>; what is said of a later layout belongs to
/// the trace of the change that brought it. Without a listener nothing is made.
/// </summary>
internal sealed class SignalingTrace
{
    private static readonly ActivitySource Source = new(GatewayMeter.Name);

    private ActivityContext _join;

    /// <param name="message">What was said.</param>
    /// <param name="type">Its name.</param>
    /// <param name="change">The change of layout that it is about, as far as this gateway has heard of it.</param>
    public Activity? Begin(ClientMessage message, string type, ActivityContext change)
    {
        if (!Source.HasListeners() || message is not (JoinMessage or ResumeMessage or AnswerMessage or ReadyMessage or FailedMessage or MovedMessage or LeaveMessage or SimulateMessage))
            return null;

        // Not part of the request that the socket is: that one lasts as long as the call.
        Activity.Current = null;
        var parent = message is AnswerMessage or ReadyMessage or FailedMessage ? (change == default ? _join : change) : default;
        var span = Source.StartActivity($"signaling {type}", ActivityKind.Server, parent);
        if (span is not null && message is JoinMessage or ResumeMessage)
            _join = span!.Context;
        else if (message is ReadyMessage)
            _join = default;
        return span;
    }
}
