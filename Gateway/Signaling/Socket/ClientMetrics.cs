using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Hosting.Telemetry;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// The metrics of the media quality that clients report, by channel mode. A mesh has no other metrics of its media, which passes no
/// server.
/// </summary>
internal sealed class ClientMetrics
{
    private readonly Histogram<double> _firstAudio;
    private readonly Histogram<double> _switchGap;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _jitter;
    private readonly Histogram<double> _loss;

    public ClientMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _firstAudio = meter.CreateHistogram(
            "hype.client.first_audio", "s", "Time from the join to the first audio of another participant.", null, Buckets.Waiting);
        _switchGap = meter.CreateHistogram(
            "hype.client.switch_gap", "s", "Speech skipped or played twice at a change of transport.", null,
            Buckets.Of(0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.2, 0.5, 1));
        _roundTrip = meter.CreateHistogram("hype.client.rtt", "s", "Round-trip time of the client's media.", null, Buckets.Path);
        _jitter = meter.CreateHistogram(
            "hype.client.jitter", "s", "Highest interarrival jitter of the streams that the client receives.", null, Buckets.Path);
        _loss = meter.CreateHistogram("hype.client.loss.ratio", null, "Packets lost on the way to the client, 0-1.", null, Buckets.Loss);
    }

    public void Reported(QualityMessage quality, ChannelMode current)
    {
        var mode = new KeyValuePair<string, object?>("mode", WireEnum<ChannelMode>.NameOf(current));
        // 0: unknown.
        if (quality.RttMs > 0)
            _roundTrip.Record(quality.RttMs / 1000, mode);
        _jitter.Record(quality.JitterMs / 1000, mode);
        _loss.Record(quality.LossPercent / 100, mode);
        if (quality.FirstAudioMs is { } firstAudio)
            _firstAudio.Record(firstAudio / 1000, mode);
        if (quality.SwitchGapMs is { } gap)
            _switchGap.Record(gap / 1000, mode);
    }
}
