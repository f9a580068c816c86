using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that push-to-talk transmits while the key is held, voice activation while the microphone picks up speech, and an open microphone
/// always.
/// </summary>
internal sealed class TalkModes : Scenario
{
    /// <summary>The amplitude of a quiet room's noise at the microphone: −45 dB, 22 dB below the voice.</summary>
    private const double Room = 0.008;

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Push_to_talk_transmits_only_while_the_key_is_held(string mode)
    {
        var (ada, bob) = await TwoJoinAsync(mode, "pushToTalk");
        await bob.HearsExactlyAsync([], [ada, bob]);

        await ada.PressAsync();
        await bob.HearsExactlyAsync([ada], [ada, bob]);

        await ada.ReleaseAsync();
        await bob.HearsExactlyAsync([], [ada, bob]);
    }

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Voice_activation_transmits_speech_and_no_background_noise(string mode)
    {
        var (ada, bob) = await TwoJoinAsync(mode, "voiceActivation");
        await bob.HearsExactlyAsync([ada], [ada, bob]);

        await ada.SpeakAtAsync(Room);
        await bob.HearsExactlyAsync([], [ada, bob]);

        await ada.SpeakAtAsync(0.1);
        await bob.HearsExactlyAsync([ada], [ada, bob]);
    }

    [Test]
    public async Task Open_microphone_transmits_background_noise()
    {
        var (ada, bob) = await TwoJoinAsync("p2p", "open");
        await bob.HearsExactlyAsync([ada], [ada, bob]);
        var voice = await bob.LoudnessAsync(ada);

        await ada.SpeakAtAsync(Room);

        await bob.HearsAtAsync(ada, voice + 20 * Math.Log10(Room / 0.1));
        await bob.HearsExactlyAsync([ada], [ada, bob]); // the silence in the other tests thus comes from the gate
    }

    [Test]
    public async Task Muted_participant_stays_muted_while_the_push_to_talk_key_is_held()
    {
        var (ada, bob) = await TwoJoinAsync("p2p", "pushToTalk");
        await ada.PressAsync();
        await bob.HearsExactlyAsync([ada], [ada, bob]);

        await ada.MuteAsync(true);

        await bob.HearsExactlyAsync([], [ada, bob]);
    }

    private async Task<(Participant Ada, Participant Bob)> TwoJoinAsync(string mode, string talk)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Tone = Tone.Of(0), TalkMode = talk });
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllPlayAsync(mode, ada, bob);
        await ada.HearsExactlyAsync([bob], [ada, bob]); // the transport works: without it, silence would prove nothing
        return (ada, bob);
    }
}
