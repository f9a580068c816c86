using Hype.EndToEnd.Tests.Harness;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// One slot, and two who speak in turns. A listener has silenced one of them: what is heard in the moment in which he takes the slot?
/// </summary>
internal sealed class SilencedMemberTakesTheSlot : Scenario
{
    private const int Turns = 8;

    /// <summary>Of an amplitude. Bob speaks at −6 dB: this is 40 dB less, far below a whisper.</summary>
    private const double Inaudible = -46;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Channels__Slots"] = "1",
    };

    [Test]
    public async Task Who_is_silenced_is_not_heard_when_he_takes_the_slot_of_another()
    {
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(8));
        var cleo = await page.JoinListenerAsync("Cleo", Channel);
        Participant[] everyone = [ada, bob, cleo];
        await bob.SpeakAtAsync(0.5);
        await bob.MuteAsync(true);
        await Hearing.AllPlayAsync("sfu", everyone);
        await cleo.HearsExactlyAsync([ada], everyone);
        await cleo.SilenceAsync(bob, true);
        await cleo.RecordAsync();

        for (var turn = 0; turn < Turns; turn++)
        {
            await bob.MuteAsync(false);
            await cleo.HearsExactlyAsync([], everyone); // the one slot is his
            await bob.MuteAsync(true);
            await cleo.HearsExactlyAsync([ada], everyone);
        }

        var whileSilenced = (await cleo.StopRecordingAsync()).Loudness(bob.Tone!.Value).Max();
        await cleo.SilenceAsync(bob, false);
        await bob.MuteAsync(false);
        await cleo.HearsExactlyAsync([bob], everyone);
        var whenWanted = await cleo.LoudnessAsync(bob);
        await TestContext.Out.WriteLineAsync($"Bob was at {whileSilenced:0.0} dB at most in {Turns} turns while he was silenced, and at {whenWanted:0.0} dB when he was wanted.");
        Assert.That(whileSilenced, Is.LessThan(Inaudible));
    }
}
