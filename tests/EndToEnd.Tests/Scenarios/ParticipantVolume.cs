using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a listener can change the volume of one participant, without an effect on other listeners.</summary>
internal sealed class ParticipantVolume : Scenario
{
    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Volume_set_by_a_listener_changes_the_loudness_of_one_speaker_for_this_listener_only(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        var cleo = await page.JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));
        Participant[] everyone = [ada, bob, cleo];
        await Hearing.AllHearEachOtherAsync(everyone);
        var before = await ada.LoudnessAsync(bob);
        var cleoBefore = await ada.LoudnessAsync(cleo);
        var beforeForCleo = await cleo.LoudnessAsync(bob);

        await ada.SetVolumeAsync(bob, 0.25);

        await ada.HearsAtAsync(bob, before - 12);
        await ada.HearsAtAsync(cleo, cleoBefore);

        await ada.SetVolumeAsync(bob, 2);

        await ada.HearsAtAsync(bob, before + 6);

        await ada.SilenceAsync(bob, true);

        await ada.HearsExactlyAsync([cleo], everyone);
        await cleo.HearsAtAsync(bob, beforeForCleo);

        await ada.SilenceAsync(bob, false);

        await ada.HearsAtAsync(bob, before + 6);
    }

    [Test]
    public async Task Volume_and_silencing_set_by_a_listener_survive_a_switch_from_P2P_to_SFU()
    {
        await Gateway.Api.SetModeAsync(Channel, "p2p");
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        var cleo = await page.JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));
        await Hearing.AllHearEachOtherAsync(ada, bob, cleo);
        var before = await ada.LoudnessAsync(bob);
        await ada.SetVolumeAsync(bob, 0.5);
        await ada.SilenceAsync(cleo, true);

        await Gateway.Api.SetModeAsync(Channel, "sfu");

        await Hearing.AllPlayAsync("sfu", ada, bob, cleo);
        await ada.HearsExactlyAsync([bob], [ada, bob, cleo]);
        await ada.HearsAtAsync(bob, before - 6);
    }
}
