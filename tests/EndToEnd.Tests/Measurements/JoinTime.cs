using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Measurements;

/// <summary>Measures the time from a user's click on Join to the first audio, in both modes.</summary>
internal sealed class JoinTime : Scenario
{
    private const int Joins = 20;

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task New_participant_hears_the_speaker_within_two_seconds(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var speaker = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var page = await OpenVoicePageAsync();

        var times = new List<double>();
        for (var i = 0; i < Joins; i++)
        {
            times.Add(await page.Page.EvaluateAsync<double>(
                "([name, channel, tone]) => voice.timeJoin(name, channel, tone)", new object[] { $"Guest {i}", Channel, speaker.Tone! }));
            await speaker.SeesAsync("Ada");
        }

        var distribution = new Distribution(times);
        Figures.Report($"join-time-{mode}", $"click to first audio, ms, {Joins} joins ({mode})   {distribution}{Environment.NewLine}");
        Assert.That(distribution.Percentile(95), Is.LessThan(2_000));
    }
}
