using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Naming;
using Hype.Hosting.Telemetry;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// The metrics of clients' sockets; meter <c>Hype.Gateway</c>. Label values are closed sets, so that the number of series stays small
/// (docs/metrics.md).
/// </summary>
internal sealed class SignalingMetrics
{
    private readonly Counter<long> _messages;
    private readonly CounterOf<CoalescedType> _merged;
    private readonly CounterOf<VoiceError> _errors;
    private readonly CounterOf<VoiceError> _joins;
    private readonly CounterOf<VoiceError> _resumes;
    private readonly CounterOf<SocketCloseReason> _closes;
    private readonly Histogram<double> _joinDuration;
    private readonly Histogram<double> _readyDuration;
    private int _sockets;
    private int _sessions;

    public SignalingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        meter.CreateObservableGauge("hype.gateway.sockets", () => Volatile.Read(ref _sockets), "{socket}", "Open signaling sockets.");
        meter.CreateObservableGauge(
            "hype.gateway.sessions",
            () => Volatile.Read(ref _sessions),
            "{session}",
            "Sessions in channels whose socket is at this gateway.");
        _messages = meter.CreateCounter<long>("hype.gateway.messages", "{message}", "Messages received, by type.");
        _merged = new(
            meter,
            "hype.gateway.merged",
            "{message}",
            "Messages merged into a later answer or call because they came too fast, by type.",
            "type",
            WireEnum<CoalescedType>.NameOf);
        _errors = new(meter, "hype.gateway.errors", "{error}", "Errors answered to clients, by code.", "code",
            error => error == VoiceError.None ? null : NameOf(error));
        _joins = new(meter, "hype.gateway.joins", "{join}", "Answers to join, by result.", "result", NameOf);
        _resumes = new(meter, "hype.gateway.resumes", "{resume}", "Answers to resume, by result.", "result", NameOf);
        _closes = new(
            meter,
            "hype.gateway.closes",
            "{socket}",
            "Sockets that this gateway closed, by reason.",
            "reason",
            WireEnum<SocketCloseReason>.NameOf);
        _joinDuration = meter.CreateHistogram("hype.gateway.join.duration", "s", "Time from join to its welcome.", null, Buckets.Waiting);
        _readyDuration = meter.CreateHistogram(
            "hype.gateway.ready.duration", "s", "Time from join to the client's first ready, by mode.", null, Buckets.Waiting);
    }

    public void SocketOpened() => Interlocked.Increment(ref _sockets);

    public void SocketClosed() => Interlocked.Decrement(ref _sockets);

    public void SessionBegan() => Interlocked.Increment(ref _sessions);

    public void SessionEnded() => Interlocked.Decrement(ref _sessions);

    public void Received(string? type) => _messages.Add(1, new KeyValuePair<string, object?>("type", type ?? "unknown"));

    /// <summary>Counts a <c>sync</c> or <c>state</c> that a later answer or call also covers.</summary>
    public void Merged(CoalescedType type) => _merged.Add(type);

    public void Joined(TimeSpan took)
    {
        _joins.Add(VoiceError.None);
        _joinDuration.Record(took.TotalSeconds);
    }

    public void Resumed() => _resumes.Add(VoiceError.None);

    public void Ready(ChannelMode mode, TimeSpan took) =>
        _readyDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("mode", WireEnum<ChannelMode>.NameOf(mode)));

    /// <param name="error">The error in the answer.</param>
    /// <param name="inReplyTo">The type of the refused message, when it is known.</param>
    public void Refused(VoiceError error, string? inReplyTo)
    {
        _errors.Add(error);
        if (inReplyTo == "join")
            _joins.Add(error);
        else if (inReplyTo == "resume")
            _resumes.Add(error);
    }

    public void Closed(SocketCloseReason reason) => _closes.Add(reason);

    private static string NameOf(VoiceError error) => error == VoiceError.None ? "ok" : VoiceErrors.Describe(error).Name;
}
