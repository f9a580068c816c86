using Hype.EndToEnd.Tests.Testing;
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

    /// <summary>Of fiftieths of a second.</summary>
    private const int MostOfOneTime = 10;

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
            // What goes wrong once after each silencing is not once in all.
            await cleo.SilenceAsync(bob, false);
            await cleo.SilenceAsync(bob, true);
        }

        double[] whileSilenced = [.. (await cleo.StopRecordingAsync()).Loudness(bob.Tone!.Value)];
        // One after the other are one time.
        var timesHeard = whileSilenced.Where((loudness, at) => loudness >= Inaudible && (at == 0 || whileSilenced[at - 1] < Inaudible)).Count();
        await cleo.SilenceAsync(bob, false);
        await bob.MuteAsync(false);
        await cleo.HearsExactlyAsync([bob], everyone);
        var whenWanted = await cleo.LoudnessAsync(bob);
        await TestContext.Out.WriteLineAsync($"Bob was at {whileSilenced.Max():0.0} dB at most in {Turns} turns while he was silenced, heard {timesHeard} times, and at {whenWanted:0.0} dB when he was wanted.");
        Assert.That(whenWanted, Is.GreaterThan(Inaudible));
        // A page that stands still for longer than the slots are held back, or sound that stutters, is the machine's doing, and rare.
        Assert.That(timesHeard, Is.LessThanOrEqualTo(1));
        Assert.That(whileSilenced.Count(loudness => loudness >= Inaudible), Is.LessThanOrEqualTo(MostOfOneTime));
    }
}
