using System.Diagnostics;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LayoutReplicaTests
{
    private static readonly Layout Next = new(new(3), ChannelMode.P2P, ModeReason.BelowReturnThreshold, DateTimeOffset.UnixEpoch);
    private static readonly ActivityContext Trace = new(
        ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    private readonly LayoutReplica _layouts = new();

    [Test]
    public void Mode_before_the_first_snapshot_is_P2P() =>
        Assert.That(
            (_layouts.Current, _layouts.Mode, _layouts.ModeOf(new(4))), Is.EqualTo(((Layout?)null, ChannelMode.P2P, ChannelMode.P2P)));

    [Test]
    public void Opened_layout_is_pending_until_the_commit_of_the_layout()
    {
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))));
        _layouts.Open(Sfu, default);
        Assert.That((_layouts.Current, _layouts.Pending, _layouts.Mode), Is.EqualTo((Mesh, Sfu, ChannelMode.P2P)));
        Assert.That((_layouts.ModeOf(new(1)), _layouts.ModeOf(new(2))), Is.EqualTo((ChannelMode.P2P, ChannelMode.Sfu)));

        _layouts.Commit(Sfu);
        Assert.That((_layouts.Current, _layouts.Pending, _layouts.Mode), Is.EqualTo((Sfu, (Layout?)null, ChannelMode.Sfu)));
    }

    [Test]
    public void Older_layout_replaces_neither_the_current_nor_the_pending_layout()
    {
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))) with { Current = Sfu, Pending = Next });
        _layouts.Open(Sfu, default);
        _layouts.Commit(Mesh);
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))));
        Assert.That((_layouts.Current, _layouts.Pending), Is.EqualTo((Sfu, Next)));
    }

    [Test]
    public void Commit_of_an_older_layout_does_not_remove_a_newer_pending_layout()
    {
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))) with { Pending = Next });
        _layouts.Commit(Sfu);
        Assert.That((_layouts.Current, _layouts.Pending), Is.EqualTo((Sfu, Next)));
    }

    [Test]
    public void Trace_context_is_returned_only_for_the_pending_layout()
    {
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))));
        _layouts.Open(Sfu, Trace);
        Assert.That((_layouts.TraceOf(new(2)), _layouts.TraceOf(new(1))), Is.EqualTo((Trace, default(ActivityContext))));
        _layouts.Commit(Sfu);
        Assert.That(_layouts.TraceOf(new(2)), Is.EqualTo(default(ActivityContext)));
    }

    [Test]
    public void Newer_layout_is_chosen_from_the_replica_and_the_snapshot()
    {
        _layouts.Load(Snapshot(1, Member(new MemberNumber(1))) with { Current = Sfu });
        Assert.That(
            _layouts.NewerOf(Snapshot(1, Member(new MemberNumber(1))) with { Pending = Sfu }),
            Is.EqualTo((Sfu, (Layout?)null)),
            "the pending one is committed by now");
        Assert.That(
            _layouts.NewerOf(Snapshot(1, Member(new MemberNumber(1))) with { Current = Sfu, Pending = Next }), Is.EqualTo((Sfu, Next)));
        _layouts.Open(Next, default);
        Assert.That(_layouts.NewerOf(Snapshot(1, Member(new MemberNumber(1)))), Is.EqualTo((Sfu, Next)));
    }
}
