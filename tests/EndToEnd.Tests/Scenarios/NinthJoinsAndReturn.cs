using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves the rule for the automatic mode: up to eight participants form a mesh, the ninth join switches to a media node, and the channel
/// returns to a mesh when only six remain.
/// </summary>
internal sealed class NinthJoinsAndReturn : Scenario
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Channels__ReturnDelay"] = "00:00:02", // the default of 30 s would only prolong the test
    };

    [Test]
    public async Task Channel_switches_to_SFU_at_the_ninth_join_and_returns_to_P2P_when_six_participants_remain()
    {
        // One page and few speakers, because two cores run all 56 peer connections of a mesh of eight.
        var page = await OpenVoicePageAsync();
        List<Participant> people =
        [
            await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0)),
            await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1)),
        ];
        for (var i = 3; i <= 8; i++)
            people.Add(await page.JoinListenerAsync($"Listener {i}", Channel));

        await Hearing.AllPlayAsync("p2p", people);
        await Hearing.AllHearEachOtherAsync(people);

        people.Add(await page.JoinListenerAsync("Listener 9", Channel));

        await Hearing.AllPlayAsync("sfu", people);
        await Hearing.AllHearEachOtherAsync(people);
        var channel = await Gateway.Api.GetChannelAsync(Channel);
        Assert.That(channel["reason"]!.GetValue<string>(), Is.EqualTo("aboveThreshold"));

        foreach (var leaver in people.TakeLast(2).ToArray())
        {
            await leaver.LeaveAsync();
            people.Remove(leaver);
        }

        await people[0].SeesAsync([.. people.Select(person => person.Name)]);
        await people[0].HasOnlyConnectionsOfAsync("sfu");
        Assert.That(
            await people[0].ModesOfConnectionsAsync(), Is.EqualTo(new[] { "sfu" }), "seven remaining participants do not switch back yet");

        await people[^1].LeaveAsync();
        people.RemoveAt(people.Count - 1);

        await Hearing.AllPlayAsync("p2p", people);
        await Hearing.AllHearEachOtherAsync(people);
        channel = await Gateway.Api.GetChannelAsync(Channel);
        Assert.That(channel["reason"]!.GetValue<string>(), Is.EqualTo("belowReturnThreshold"));
    }
}
