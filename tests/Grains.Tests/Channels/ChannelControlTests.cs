using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;
using Orleans.Core.Internal;

namespace Hype.Grains.Tests.Channels;

/// <summary>Tests the operations of administrators on a channel (create, close, move, grants, attributes, news) in a real silo.</summary>
public sealed class ChannelControlTests : ChannelFixture
{
    private IChannelIndexGrain Index => Silo.Grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(Id));

    [Test]
    public async Task Empty_created_channel_stays_stored_and_listed_until_Close_with_forget_deletes_the_channel()
    {
        Assert.That((await Channel.GetSnapshot()).Exists, Is.False);
        Assert.That(await Channel.Create(new ChannelSettings { Name = "The stage", Metadata = "{}" }), Is.EqualTo(VoiceError.None));
        Assert.That(await Channel.Create(new ChannelSettings()), Is.EqualTo(VoiceError.ChannelExists));

        await Forget();
        var snapshot = await Channel.GetSnapshot();
        Assert.That(
            (snapshot.Exists, snapshot.CreatedAt is not null, snapshot.Settings.Name, snapshot.Settings.Metadata),
            Is.EqualTo((true, true, "The stage", "{}")),
            "stored");
        await Index.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        Assert.That(
            (await Index.List()).Select(line => line.Channel.Value),
            Does.Contain(Id.Value),
            "listed, by a shard that has just come back too");

        Assert.That(await Channel.Close(forget: true), Is.EqualTo(VoiceError.None));
        Assert.That((await Channel.GetSnapshot()).Exists, Is.False);
        Assert.That((await Index.List()).Select(line => line.Channel.Value), Does.Not.Contain(Id.Value));
    }

    [TestCase(65, 0)]
    [TestCase(0, 4_097)]
    public async Task Settings_with_a_too_long_name_or_too_long_metadata_are_refused(int name, int metadata) =>
        Assert.That(
            await Channel.Create(new ChannelSettings { Name = new string('n', name), Metadata = new string('m', metadata) }),
            Is.EqualTo(VoiceError.InvalidSettings));

    [Test]
    public async Task Close_without_forget_ends_all_sessions_and_preserves_the_settings()
    {
        await Channel.UpdateSettings(new ChannelSettings { Name = "Kept" });
        var ada = await Join("ada");
        Assert.That(await Channel.Close(forget: false), Is.EqualTo(VoiceError.None));
        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(ada.Session, LeaveReason.ChannelClosed));
        var snapshot = await Channel.GetSnapshot();
        Assert.That((snapshot.Participants.Length, snapshot.Settings.Name), Is.EqualTo((0, "Kept")));
    }

    [Test]
    public async Task Moved_member_is_admitted_by_the_target_channel_before_leaving_the_source_channel()
    {
        var other = $"{Id.Value}-2";
        var ada = await Join("ada");
        await Channel.SetServerMute(ada.Number, true);

        Assert.That(await Channel.Move(ada.Number, ChannelId.Parse(other)), Is.EqualTo(VoiceError.None));

        var transferred = await Gateway.Receives<SessionTransferred>();
        Assert.That(
            (transferred.Session, transferred.Channel.Value, transferred.Seat.ResumeToken.Length > 0),
            Is.EqualTo((ada.Session, other, true)));
        await Gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(ada.Number, LeaveReason.Moved)));
        Assert.That((await Channel.GetSnapshot()).Participants, Is.Empty);
        var there = (await Silo.Channel(other).GetSnapshot()).Participants.Single();
        Assert.That(
            (there.Identity, there.Session, there.ServerMuted),
            Is.EqualTo(("ada", transferred.Seat.Session, true)),
            "a moderator's mute goes with it");
    }

    [Test]
    public async Task Refused_move_to_another_channel_leaves_the_member_in_the_present_channel()
    {
        var other = ChannelId.Parse($"{Id.Value}-2");
        await Silo.Channel(other.Value).SetBan(new Ban("ada", "", null));
        var ada = await Join("ada");
        Assert.That(await Channel.Move(ada.Number, other), Is.EqualTo(VoiceError.Banned));
        Assert.That(
            await Channel.Move(ada.Number, Id), Is.EqualTo(VoiceError.InvalidChannel), "it is here already");
        Assert.That(await Channel.Move(new MemberNumber(99), other), Is.EqualTo(VoiceError.UnknownParticipant));
        await Channel.Detach(ada.Session, "g1");
        Assert.That(await Channel.Move(ada.Number, other), Is.EqualTo(VoiceError.Unavailable), "an away member cannot be notified");
        Assert.That((await Channel.GetSnapshot()).Participants.Single().Identity, Is.EqualTo("ada"));
    }

    [Test]
    public async Task Changed_grants_are_sent_to_the_affected_session_and_changed_attributes_to_all_sessions()
    {
        await Silo.StartNode("grants");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        await Gateway.Receives<SfuOffered>();
        Assert.That((await Channel.SetGrants(ada.Number, Grants.Join | Grants.Listen)).Error, Is.EqualTo(VoiceError.None));
        await Gateway.Receives<SessionGranted>(granted => granted == new SessionGranted(ada.Session, Grants.Join | Grants.Listen));
        Assert.That(await Channel.SetAttributes(ada.Number, Attributes(("role", "host"))), Is.EqualTo(VoiceError.None));
        await Gateway.Receives<RosterChanged>(change => change.Changed.Any(line => line.Attributes.GetValueOrDefault("role") == "host"));
        Assert.That((await Channel.SetGrants(new MemberNumber(99), Grants.Join)).Error, Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public async Task Attributes_with_an_empty_key_a_too_long_value_or_too_many_entries_are_refused()
    {
        var ada = await Join("ada");
        Assert.That(await Channel.SetAttributes(ada.Number, Attributes(("", "x"))), Is.EqualTo(VoiceError.InvalidAttributes));
        Assert.That(
            await Channel.SetAttributes(ada.Number, Attributes(("k", new string('v', 257)))), Is.EqualTo(VoiceError.InvalidAttributes));
        Assert.That(
            await Channel.SetAttributes(ada.Number, Attributes([.. Enumerable.Range(0, 17).Select(index => ($"k{index}", ""))])),
            Is.EqualTo(VoiceError.InvalidAttributes));
    }

    [Test]
    public async Task Channel_snapshot_contains_every_acknowledged_join_mute_and_kick()
    {
        for (var round = 0; round < 50; round++)
        {
            var seat = await Join($"person-{round}");
            Assert.That(
                (await Channel.GetSnapshot()).Participants.Select(line => line.Number),
                Does.Contain(seat.Number),
                "a joined member is in the snapshot");
            await Channel.SetServerMute(seat.Number, true);
            Assert.That((await Channel.GetSnapshot()).Participants.Single(line => line.Number == seat.Number).ServerMuted);
            Assert.That((await Channel.ReadNews(null)).Snapshot!.Participants, Has.Length.EqualTo(((round + 1) / 2) + 1));
            if (round % 2 == 1)
                await Channel.Kick(seat.Number);
            Assert.That((await Channel.GetSnapshot()).Participants, Has.Length.EqualTo((round / 2) + 1), "and a member that left is not");
        }
    }

    [Test]
    public async Task Watcher_receives_all_changes_in_order_and_a_snapshot_after_a_restart_of_the_grain()
    {
        var begun = await Channel.ReadNews(null);
        var waiting = Channel.ReadNews(begun.Newest);
        var ada = await Join("ada");
        var joined = await waiting;
        Assert.That(joined.News[0].Number, Is.EqualTo(begun.Newest + 1));
        Assert.That(
            joined.News.Select(news => news.What).OfType<MemberJoined>().Single().Member.Number,
            Is.EqualTo(ada.Number),
            "the watcher receives it at once");

        await Channel.SetServerMute(ada.Number, true);
        var changed = await Channel.ReadNews(joined.Newest);
        Assert.That(
            changed.News.Select(news => news.Number),
            Is.EqualTo(Enumerable.Range(1, changed.News.Length).Select(step => joined.Newest + step)));
        Assert.That(changed.News.Select(news => news.What).OfType<MemberChanged>().Single().Member.ServerMuted);

        await Forget();
        var after = await Channel.ReadNews(changed.Newest);
        Assert.That(
            (after.Snapshot is not null, after.Newest > changed.Newest),
            Is.EqualTo((true, true)),
            "numbers go on, and what may have been missed is replaced by how everything is");
    }

    [Test]
    public async Task Explanation_of_a_channel_lists_the_mode_the_room_and_recent_changes()
    {
        await Silo.StartNode("why");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        await Gateway.Receives<SfuOffered>();
        var explanation = await Channel.Explain();
        Assert.That((explanation.Mode.Policy, explanation.Mode.Count), Is.EqualTo((ModePolicy.Sfu, 1)));
        var room = explanation.Rooms.Single();
        Assert.That(room.Members, Is.EqualTo(new[] { ada.Number }));
        Assert.That((room.Serves.Single(), room.Reason), Is.EqualTo((new RegionId("local"), PlacementReason.LessLoadedOfTwo)));
        Assert.That(
            explanation.History.Select(news => news.What), Has.Some.InstanceOf<RoomAppeared>().And.Some.InstanceOf<SettingsChanged>());
    }

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Key, string Value)[] attributes) =>
        attributes.ToImmutableSortedDictionary(attribute => attribute.Key, attribute => attribute.Value);

    /// <summary>Deactivates the channel's grain, so that the next call starts it from its stored state.</summary>
    private async Task Forget()
    {
        var incarnation = (await Channel.GetSnapshot()).Incarnation;
        await Channel.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Poll.UntilAsync(async () => (await Channel.GetSnapshot()).Incarnation != incarnation);
    }
}
