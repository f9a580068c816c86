using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that in a channel whose mode is set to <c>sfu</c> all audio passes through the media node, even with few participants.
/// </summary>
internal sealed class ForcedSfu : Scenario
{
    private VoicePage _page = null!;
    private Participant _ada = null!;
    private Participant _bob = null!;
    private Participant _cleo = null!;

    private Participant[] Everyone => [_ada, _bob, _cleo];

    [SetUp]
    public async Task ThreeJoin()
    {
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        _ada = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        _page = await OpenVoicePageAsync();
        _bob = await _page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        _cleo = await _page.JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));
        await Hearing.AllHearEachOtherAsync(Everyone);
    }

    [Test]
    public async Task Participants_hear_each_other_through_the_media_node()
    {
        foreach (var participant in Everyone)
            Assert.That(
                await participant.ModesOfConnectionsAsync(), Is.EqualTo(new[] { "sfu" }),
                $"{participant.Name} has one connection, to the node");
        var packets = await Gateway.Api.GetNodePacketsAsync(DateTimeOffset.UtcNow);
        Assert.That(packets.Received, Is.Positive);
        Assert.That(packets.Forwarded, Is.GreaterThan(packets.Received), "each received packet is forwarded to two participants");
        var channel = await Gateway.Api.GetChannelAsync(Channel);
        Assert.That(channel["mode"]!.GetValue<string>(), Is.EqualTo("sfu"));
        Assert.That(channel["rooms"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Muted_participant_is_inaudible_and_still_hears_until_unmute()
    {
        await _bob.MuteAsync(true);

        await _ada.HearsExactlyAsync([_cleo], Everyone);
        await _cleo.HearsExactlyAsync([_ada], Everyone);
        await _bob.HearsExactlyAsync([_ada, _cleo], Everyone);

        await _bob.MuteAsync(false);

        await Hearing.AllHearEachOtherAsync(Everyone);
    }

    [Test]
    public async Task Deafened_participant_neither_hears_nor_is_heard_until_undeafen()
    {
        await _bob.DeafenAsync(true);

        await _bob.HearsExactlyAsync([], Everyone);
        await _ada.HearsExactlyAsync([_cleo], Everyone);
        await _cleo.HearsExactlyAsync([_ada], Everyone);

        await _bob.DeafenAsync(false);

        await Hearing.AllHearEachOtherAsync(Everyone);
    }

    [Test]
    public async Task Participant_that_leaves_and_rejoins_is_heard_again()
    {
        await _bob.LeaveAsync();

        await _ada.SeesAsync("Ada", "Cleo");
        await _ada.HearsExactlyAsync([_cleo], Everyone);
        await _cleo.HearsExactlyAsync([_ada], Everyone);

        var back = await _page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));

        Assert.That(back.Number, Is.Not.EqualTo(_bob.Number), "a channel never assigns a member number twice");
        await Hearing.AllHearEachOtherAsync(_ada, back, _cleo);
    }
}
