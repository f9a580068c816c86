using System.Diagnostics.Metrics;
using Hype.Gateway.Limits;
using Hype.Gateway.Signaling;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Gateway.Diagnostics;

/// <summary>What happens on clients' sockets; meter <c>Hype.Gateway</c>. Tag values are closed sets, so that series stay few.</summary>
internal sealed class SignalingMetrics
{
    public const string MeterName = "Hype.Gateway";

    private readonly UpDownCounter<int> _sockets;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _limited;

    public SignalingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _sockets = meter.CreateUpDownCounter<int>("hype.gateway.sockets", "{socket}", "Open signaling sockets.");
        _messages = meter.CreateCounter<long>("hype.gateway.messages", "{message}", "Messages received, by type.");
        _errors = meter.CreateCounter<long>("hype.gateway.errors", "{error}", "Errors answered to clients, by code.");
        _closes = meter.CreateCounter<long>("hype.gateway.closes", "{socket}", "Sockets that this gateway closed, by reason.");
        _limited = meter.CreateCounter<long>("hype.gateway.limited", "{refusal}", "What was refused because it was too much, by limit.");
    }

    public void Opened() => _sockets.Add(1);

    public void Gone() => _sockets.Add(-1);

    public void Received(string? type) => _messages.Add(1, new KeyValuePair<string, object?>("type", type ?? "unknown"));

    public void Refused(VoiceError error) => _errors.Add(1, new KeyValuePair<string, object?>("code", VoiceErrors.Describe(error).Name));

    public void Limited(LimitReason reason) => _limited.Add(1, new KeyValuePair<string, object?>("limit", WireEnum<LimitReason>.NameOf(reason)));

    public void Closed(CloseReason reason) => _closes.Add(1, new KeyValuePair<string, object?>("reason", WireEnum<CloseReason>.NameOf(reason)));
}
