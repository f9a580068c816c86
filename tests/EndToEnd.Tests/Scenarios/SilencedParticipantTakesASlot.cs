using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that a listener does not hear a speaker that it has silenced, not even at the moment when that speaker takes over the slot of
/// another speaker. The room has one slot, and two speakers take turns.
/// </summary>
internal sealed class SilencedParticipantTakesASlot : Scenario
{
    private const int Turns = 8;

    /// <summary>
    /// The level below which the silenced speaker counts as inaudible, in dB of the amplitude. Bob speaks at −6 dB: this is 40 dB lower,
    /// far below a whisper.
    /// </summary>
    private const double Inaudible = -46;

    /// <summary>The longest time, in fiftieths of a second, for which the silenced speaker may be audible in all turns together.</summary>
    private const int LongestAudible = 10;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Channels__Slots"] = "1",
    };

    [Test]
    public async Task Speaker_silenced_by_a_listener_stays_inaudible_to_the_listener_when_given_the_only_slot()
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
            await cleo.HearsExactlyAsync([], everyone); // Bob is in the only slot
            await bob.MuteAsync(true);
            await cleo.HearsExactlyAsync([ada], everyone);
            // Silences Bob again in each turn: a fault after each silencing would then count each time.
            await cleo.SilenceAsync(bob, false);
            await cleo.SilenceAsync(bob, true);
        }

        double[] whileSilenced = [.. (await cleo.StopRecordingAsync()).Loudness(bob.Tone!.Value)];
        // Consecutive windows count as one fault.
        var timesHeard = whileSilenced.Where((loudness, at) => loudness >= Inaudible && (at == 0 || whileSilenced[at - 1] < Inaudible))
            .Count();
        await cleo.SilenceAsync(bob, false);
        await bob.MuteAsync(false);
        await cleo.HearsExactlyAsync([bob], everyone);
        var whenWanted = await cleo.LoudnessAsync(bob);
        await TestContext.Out.WriteLineAsync(
            $"Bob was at {whileSilenced.Max():0.0} dB at most in {Turns} turns while silenced, "
            + $"heard {timesHeard} times, and at {whenWanted:0.0} dB otherwise.");
        Assert.That(whenWanted, Is.GreaterThan(Inaudible));
        // On a busy machine the page rarely stalls for longer than the delay of the slots, or its audio stutters: one time is allowed.
        Assert.That(timesHeard, Is.LessThanOrEqualTo(1));
        Assert.That(whileSilenced.Count(loudness => loudness >= Inaudible), Is.LessThanOrEqualTo(LongestAudible));
    }
}
