using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a moderator's mute, kick and move take effect on the participant and for all others.</summary>
internal sealed class Moderation : Scenario
{
    protected override IReadOnlyDictionary<string, string> Settings => SigningKey.Settings;

    private Participant _ada = null!;
    private Participant _bob = null!;
    private Participant _cleo = null!;

    private Participant[] Everyone => [_ada, _bob, _cleo];

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Participant_muted_by_a_moderator_is_inaudible_to_all_others_until_unmute(string mode)
    {
        await ThreeJoinAsync(mode);

        await _ada.ModerateAsync("mute", _bob);

        await _cleo.HearsExactlyAsync([_ada], Everyone);
        await _ada.HearsExactlyAsync([_cleo], Everyone);
        await _bob.ReceivesAsync("moderated");
        await _bob.HearsExactlyAsync([_ada, _cleo], Everyone);

        await _ada.ModerateAsync("unmute", _bob);

        await Hearing.AllHearEachOtherAsync(Everyone);
    }

    [Test]
    public async Task Kicked_participant_is_notified_and_does_not_reconnect()
    {
        await ThreeJoinAsync("auto");

        await _ada.ModerateAsync("kick", _bob);

        await _bob.ReceivesAsync("closed");
        var closed = (await _bob.EventsAsync("closed")).Single().GetProperty("detail");
        Assert.That(closed.GetProperty("reason").GetString(), Is.EqualTo("kicked"));
        Assert.That(closed.GetProperty("reconnect").GetBoolean(), Is.False);
        await _cleo.SeesAsync("Ada", "Cleo");
        await _cleo.HearsExactlyAsync([_ada], Everyone);
    }

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Moved_participant_hears_and_is_heard_only_in_the_other_channel_over_the_same_socket(string mode)
    {
        var other = $"{Channel}-other";
        await Gateway.Api.SetModeAsync(other, mode);
        await ThreeJoinAsync(mode);
        var dora = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Dora", other, Tone.Of(3));
        Participant[] all = [.. Everyone, dora];

        await _ada.MoveAsync(_bob.Number, other);

        await _bob.ReceivesAsync("moved");
        var moved = (await _bob.EventsAsync("moved")).Single().GetProperty("detail");
        Assert.That(moved.GetProperty("from").GetString(), Is.EqualTo(Channel));
        Assert.That(moved.GetProperty("to").GetString(), Is.EqualTo(other));
        Assert.That(moved.GetProperty("number").GetInt32(), Is.EqualTo(await _bob.NumberNowAsync()));
        await _bob.SeesAsync("Bob", "Dora");
        await _ada.SeesAsync("Ada", "Cleo");
        await _bob.HearsExactlyAsync([dora], all);
        await dora.HearsExactlyAsync([_bob], all);
        await _ada.HearsExactlyAsync([_cleo], all);
        await _cleo.HearsExactlyAsync([_ada], all);
        Assert.That(await _bob.EventsAsync("reconnected"), Is.Empty, "the socket is the same");
        Assert.That(await _bob.EventsAsync("error"), Is.Empty);
    }

    [Test]
    public async Task Moved_participant_resumes_in_the_other_channel_after_a_lost_socket_and_can_be_moved_back()
    {
        var other = $"{Channel}-other";
        await ThreeJoinAsync("auto");
        var dora = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Dora", other, Tone.Of(3));
        Participant[] all = [.. Everyone, dora];
        await _ada.MoveAsync(_bob.Number, other);
        await _bob.HearsExactlyAsync([dora], all);

        await _bob.SimulateAsync("dropSocket");

        await _bob.ReceivesAsync("reconnected");
        await dora.SeesAsync("Bob", "Dora");
        await _bob.HearsExactlyAsync([dora], all);

        var eve = await (await OpenVoicePageAsync())
            .JoinAsync(new Invitation { Key = "Eve", Channel = other, Token = SigningKey.Mint("eve", "Eve", $"{Channel}*") });
        await eve.MoveAsync(await _bob.NumberNowAsync(), Channel);

        await _bob.ReceivesAsync("moved", 2);
        await Hearing.AllHearEachOtherAsync(Everyone);
    }

    private async Task ThreeJoinAsync(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var token = SigningKey.Mint("ada", "Ada", $"{Channel}*");
        _ada = await (await OpenVoicePageAsync())
            .JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Token = token, Tone = Tone.Of(0) });
        var page = await OpenVoicePageAsync();
        _bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        _cleo = await page.JoinSpeakerAsync("Cleo", Channel, Tone.Of(2));
        await Hearing.AllHearEachOtherAsync(Everyone);
    }
}
