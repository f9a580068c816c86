using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Publishing;

namespace Hype.Grains.Tests.Channels.Publishing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelHistoryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly ChannelHistory _history = new(lastNumber: 100, [], []);
    private long _version;

    [Test]
    public void New_watcher_gets_a_snapshot_and_then_only_later_changes()
    {
        Happen(Joined(new MemberNumber(1)));
        var begun = _history.Read(null, Snapshot);
        Assert.That((begun.Snapshot is null, begun.News.Length, begun.Newest), Is.EqualTo((false, 0, 101)));
        Assert.That(_history.Read(begun.Newest, Snapshot), Has.Property("Snapshot").Null.And.Property("News").Empty);
        Happen(Joined(new MemberNumber(2)));
        Assert.That(Read(begun.Newest), Is.EqualTo(new[] { "102 joined 2" }));
    }

    [Test]
    public void Each_join_leave_and_change_of_a_member_is_recorded_with_a_consecutive_number()
    {
        Happen(new RosterChanged(++_version, [Line(new MemberNumber(1)), Line(new MemberNumber(2))], [], []));
        Happen(
            new RosterChanged(++_version, [], [Line(new MemberNumber(1))], [new ParticipantLeft(new MemberNumber(2), LeaveReason.Kicked)]),
            new LayoutOpened(Layout(new(2))),
            new LayoutCommitted(Layout(new(2))));
        Assert.That(
            Read(100),
            Is.EqualTo(new[]
            {
                "101 joined 1", "102 joined 2", "103 left 2 person-2 Kicked", "104 changed 1", "105 mode 2 False", "106 mode 2 True",
            }));
        Assert.That(Read(104), Is.EqualTo(new[] { "105 mode 2 False", "106 mode 2 True" }));
    }

    [Test]
    public void Departure_of_a_replaced_session_is_recorded_before_the_join_of_the_new_session()
    {
        Happen(Joined(new MemberNumber(1)));
        var left = new ParticipantLeft(new MemberNumber(1), LeaveReason.Replaced);
        Happen(new RosterChanged(++_version, [Line(new MemberNumber(2)) with { Identity = "person-1" }], [], [left]));
        Assert.That(Read(100), Is.EqualTo(new[] { "101 joined 1", "102 left 1 person-1 Replaced", "103 joined 2" }));
    }

    [Test]
    public void Member_that_joined_and_left_within_one_roster_diff_is_not_recorded()
    {
        Happen(new RosterChanged(++_version, [], [], [new ParticipantLeft(new MemberNumber(7), LeaveReason.Left)]));
        Assert.That(_history.LastNumber, Is.EqualTo(100));
    }

    [Test]
    public void Departure_of_a_restored_member_is_recorded_with_the_identity_of_the_member()
    {
        var history = new ChannelHistory(100, [Line(new MemberNumber(3))], []);
        history.Record(
            [new PublishToAll(new RosterChanged(1, [], [], [new ParticipantLeft(new MemberNumber(3), LeaveReason.Left)]))], [], Now);
        Assert.That(((MemberLeft)history.Read(100, Snapshot).News.Single().What).Identity, Is.EqualTo("person-3"));
    }

    [Test]
    public void Opened_and_closed_rooms_are_recorded()
    {
        var one = new RoomAssignment(new("eu"), new MediaNodeId("a"), new(2), new(2));
        var other = new RoomAssignment(new("eu"), new MediaNodeId("b"), new(3), new(2));
        Assert.That(_history.Record([], [one], Now), Has.Count.EqualTo(1));
        Assert.That(_history.Record([], [one], Now), Is.Empty, "nothing new");
        _history.Record([], [other], Now);
        Assert.That(Read(100), Is.EqualTo(new[] { "101 room a", "102 gone a", "103 room b" }));
    }

    [Test]
    public void Watcher_with_an_outdated_or_unknown_change_number_gets_a_snapshot()
    {
        for (var number = 1u; number <= ChannelHistory.MaxNews + 1; number++)
            Happen(Joined(new MemberNumber(number)));
        Assert.That(_history.Read(101, Snapshot).News, Has.Length.EqualTo(ChannelHistory.MaxNews), "the oldest that is kept");
        Assert.That(_history.Read(100, Snapshot).Snapshot, Is.Not.Null, "one was forgotten");
        Assert.That(_history.Read(_history.LastNumber + 1, Snapshot).Snapshot, Is.Not.Null, "of another life");
        Assert.That(_history.Read(-1, Snapshot).Snapshot, Is.Not.Null);
    }

    [Test]
    public void History_retains_mode_and_settings_changes_despite_many_changes_of_members()
    {
        Happen(new LayoutCommitted(Layout(new(2))));
        _history.Record(ChannelSettings.Default, Now);
        for (var number = 1u; number <= 2 * ChannelHistory.MaxNews; number++)
            Happen(Joined(new MemberNumber(number)));
        Assert.That(_history.Structure.Select(news => news.Number), Is.EqualTo(new long[] { 101, 102 }));
        for (var epoch = 3; epoch < 3 + (2 * ChannelHistory.MaxStructure); epoch++)
            Happen(new LayoutCommitted(Layout(new LayoutEpoch(epoch))));
        Assert.That(_history.Structure, Has.Length.EqualTo(ChannelHistory.MaxStructure));
    }

    private void Happen(params ChannelEvent[] events) => _history.Record([.. events.Select(what => new PublishToAll(what))], [], Now);

    private RosterChanged Joined(MemberNumber number) => new(++_version, [Line(number)], [], []);

    private string[] Read(long after) => [.. _history.Read(after, Snapshot).News.Select(Tell)];

    private static string Tell(ChannelNews news) => news.What switch
    {
        MemberJoined joined => $"{news.Number} joined {joined.Member.Number}",
        MemberChanged changed => $"{news.Number} changed {changed.Member.Number}",
        MemberLeft left => $"{news.Number} left {left.Number} {left.Identity} {left.Reason}",
        ModeChanged mode => $"{news.Number} mode {mode.Layout.Epoch} {mode.Committed}",
        RoomAppeared room => $"{news.Number} room {room.Room.Node}",
        RoomDisappeared room => $"{news.Number} gone {room.Room.Node}",
        _ => $"{news.Number} {news.What}",
    };

    private static Layout Layout(LayoutEpoch epoch) => new(epoch, ChannelMode.Sfu, ModeReason.AboveThreshold, Now);

    private static Participant Line(MemberNumber number) =>
        new() { Session = SessionId.New(), Number = number, Identity = $"person-{number}", Name = "Person", Grants = Grants.Join };

    private static ChannelSnapshot Snapshot() => new()
    {
        Channel = ChannelId.Parse("test"),
        Incarnation = 1,
        RosterVersion = 1,
        Current = Layout(new(1)),
        Settings = ChannelSettings.Default,
        Participants = [],
    };
}
