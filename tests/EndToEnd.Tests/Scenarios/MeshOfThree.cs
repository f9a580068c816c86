using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that three participants in a channel with the default settings form a mesh, without the media node.</summary>
internal sealed class MeshOfThree : Scenario
{
    [Test]
    public async Task All_three_participants_hear_each_other_without_packets_through_the_media_node()
    {
        var ada = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        var cleo = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));

        await Hearing.AllHearEachOtherAsync(ada, bob, cleo);

        var packets = await Gateway.Api.GetNodePacketsAsync(DateTimeOffset.UtcNow);
        Assert.That(packets, Is.EqualTo(new NodePackets(0, 0)));
        foreach (var participant in new[] { ada, bob, cleo })
            Assert.That(
                await participant.ModesOfConnectionsAsync(), Is.EqualTo(new[] { "p2p", "p2p" }),
                $"{participant.Name} has a connection to each other participant");
        var channel = await Gateway.Api.GetChannelAsync(Channel);
        Assert.That(channel["mode"]!.GetValue<string>(), Is.EqualTo("p2p"));
        Assert.That(channel["rooms"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Participant_that_leaves_is_no_longer_heard()
    {
        var ada = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var page = await OpenVoicePageAsync();
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        var cleo = await page.JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));
        await Hearing.AllHearEachOtherAsync(ada, bob, cleo);

        await bob.LeaveAsync();

        await ada.SeesAsync("Ada", "Cleo");
        await ada.HearsExactlyAsync([cleo], [ada, bob, cleo]);
        await cleo.HearsExactlyAsync([ada], [ada, bob, cleo]);
    }
}
