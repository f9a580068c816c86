using System.Globalization;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Measurements;

/// <summary>Measures the memory of the whole product in one process, without participants and with nine.</summary>
internal sealed class Memory : Scenario
{
    [Test]
    public async Task Gateway_process_with_nine_participants_uses_less_than_600_MiB()
    {
        var idle = Gateway.ResidentMebibytes();
        var page = await OpenVoicePageAsync();
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        List<Participant> people =
            [await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0)), await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1))];
        for (var i = 3; i <= 9; i++)
            people.Add(await page.JoinListenerAsync($"Listener {i}", Channel));
        await Hearing.AllHearEachOtherAsync(people);

        var busy = Gateway.ResidentMebibytes();

        Figures.Report("memory", string.Create(
            CultureInfo.InvariantCulture,
                $"resident memory of the process, MiB   idle {idle:0}   with 9 participants in SFU {busy:0}{Environment.NewLine}"));
        Assert.That(busy, Is.LessThan(600));
    }
}
