using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>When a microphone is heard: while a key is held, or while somebody speaks into it.</summary>
internal sealed class TalkModes : Scenario
{
    /// <summary>Amplitude of what a microphone hears when nobody speaks: −45 dB, 22 below the voice.</summary>
    private const double Room = 0.008;

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Push_to_talk_is_silence_until_the_key_is_held_and_after_it(string mode)
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
    public async Task Voice_activation_lets_a_voice_through_and_not_the_room_behind_it(string mode)
    {
        var (ada, bob) = await TwoJoinAsync(mode, "voiceActivation");
        await bob.HearsExactlyAsync([ada], [ada, bob]);

        await ada.SpeakAtAsync(Room);
        await bob.HearsExactlyAsync([], [ada, bob]);

        await ada.SpeakAtAsync(0.1);
        await bob.HearsExactlyAsync([ada], [ada, bob]);
    }

    [Test]
    public async Task An_open_microphone_lets_the_same_room_through()
    {
        var (ada, bob) = await TwoJoinAsync("p2p", "open");
        await bob.HearsExactlyAsync([ada], [ada, bob]);
        var voice = await bob.LoudnessAsync(ada);

        await ada.SpeakAtAsync(Room);

        await bob.HearsAtAsync(ada, voice + 20 * Math.Log10(Room / 0.1));
        await bob.HearsExactlyAsync([ada], [ada, bob]); // so that silence in the other tests is the gate's work
    }

    [Test]
    public async Task Who_is_muted_stays_so_with_the_key_held()
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
        await ada.HearsExactlyAsync([bob], [ada, bob]); // the transport is up: silence would say nothing without it
        return (ada, bob);
    }
}
