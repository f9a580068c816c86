using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that the SDK's connection report describes the path of the audio, and contains no network address.</summary>
internal sealed class ConnectionReport : Scenario
{
    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Connection_report_contains_mode_region_path_codec_and_measurements_but_no_address(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllPlayAsync(mode, ada, bob);
        await Hearing.AllHearEachOtherAsync(ada, bob);

        var answer = await ada.ReportAsync();
        var report = answer.GetProperty("report");
        var transport = report.GetProperty("transports").EnumerateArray().Single();
        var text = answer.GetProperty("text").GetString()!;

        Assert.Multiple(() =>
        {
            Assert.That(report.GetProperty("layout").GetProperty("mode").GetString(), Is.EqualTo(mode));
            Assert.That(report.GetProperty("region").GetString(), Is.EqualTo(mode == "sfu" ? "local" : null));
            Assert.That(transport.GetProperty("region").GetString(), Is.EqualTo(mode == "sfu" ? "local" : null));
            Assert.That(
                report.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("region").GetString()),
                Is.EqualTo(mode == "sfu" ? new[] { "local" } : []));
            Assert.That(transport.GetProperty("mode").GetString(), Is.EqualTo(mode));
            Assert.That(transport.GetProperty("peer").ValueKind, Is.EqualTo(mode == "sfu" ? JsonValueKind.Null : JsonValueKind.Number));
            Assert.That(transport.GetProperty("state").GetString(), Is.EqualTo("connected"));
            Assert.That(transport.GetProperty("path").GetString(), Is.EqualTo("direct"));
            Assert.That(transport.GetProperty("local").GetString(), Does.Match("^(host|prflx)/udp$"));
            Assert.That(transport.GetProperty("remote").GetString(), Does.Match("^(host|prflx)/udp$"));
            Assert.That(transport.GetProperty("rttMs").GetDouble(), Is.InRange(0, 1000));
            Assert.That(transport.GetProperty("security").GetString(), Does.StartWith("DTLS 1."));
            Assert.That(transport.GetProperty("sent").GetProperty("packets").GetInt64(), Is.Positive);
            Assert.That(transport.GetProperty("sent").GetProperty("codec").GetString(), Does.StartWith("opus 48000/2"));
            Assert.That(transport.GetProperty("received").GetProperty("packets").GetInt64(), Is.Positive);
            Assert.That(transport.GetProperty("received").GetProperty("lossPercent").GetDouble(), Is.InRange(0, 100));
            Assert.That(transport.GetProperty("received").GetProperty("jitterMs").GetDouble(), Is.InRange(0, 1000));
            Assert.That(
                text, Does.Match($"mode: +{mode}, epoch").And.Contain("direct: ").And.Contain("opus 48000/2")
                .And.Contain($"plays {mode}"));
            Assert.That(text, Does.Not.Contain(NetworkNamespace.Address), "the report contains no addresses");
        });
    }
}
