using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels.Layouts;

/// <summary>Tests the mode that the rule chooses by the size, the policy and the history of a channel.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModeRuleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly ModeRule _rule = new(new ChannelOptions());

    private ModeDecision Decide(
        int count, ChannelMode? mode, double atSeconds = 0, ModePolicy policy = ModePolicy.Auto, bool carried = true) =>
        _rule.Decide(policy, count, mode, carried, Start.AddSeconds(atSeconds));

    [Test]
    public void New_channel_starts_as_a_mesh([Range(1, 8)] int count) =>
        Assert.That(Decide(count, null), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.Created)));

    [Test]
    public void Mesh_stays_a_mesh_up_to_the_p2p_member_threshold([Range(1, 8)] int count) =>
        Assert.That(Decide(count, ChannelMode.P2P).Mode, Is.EqualTo(ChannelMode.P2P));

    [TestCase(9)]
    [TestCase(200)]
    public void Mesh_above_the_p2p_member_threshold_switches_to_sfu(int count) =>
        Assert.That(Decide(count, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.AboveThreshold)));

    [Test]
    public void Mode_is_unchanged_between_the_return_threshold_and_the_p2p_threshold([Values(7, 8)] int count, [Values] ChannelMode mode)
    {
        Assert.That(Decide(count, mode).Mode, Is.EqualTo(mode));
        Assert.That(Decide(count, mode, 3600).Mode, Is.EqualTo(mode));
    }

    [Test]
    public void Small_sfu_channel_becomes_a_mesh_after_the_return_delay()
    {
        Assert.That(Decide(6, ChannelMode.Sfu).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(_rule.NextDeadline, Is.EqualTo(Start.AddSeconds(30)));
        Assert.That(Decide(6, ChannelMode.Sfu, 29.999).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(6, ChannelMode.Sfu, 30), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
    }

    [Test]
    public void Member_count_above_the_return_threshold_restarts_the_return_delay()
    {
        Decide(6, ChannelMode.Sfu);
        Decide(7, ChannelMode.Sfu, 20);
        Decide(6, ChannelMode.Sfu, 21);
        Assert.That(Decide(6, ChannelMode.Sfu, 50.9).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(6, ChannelMode.Sfu, 51).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [TestCase(ModePolicy.P2P, ChannelMode.P2P)]
    [TestCase(ModePolicy.Sfu, ChannelMode.Sfu)]
    public void Policy_overrides_the_member_count_a_failed_p2p_pair_and_the_lack_of_a_media_node(ModePolicy policy, ChannelMode mode)
    {
        _rule.PairFailed();
        _rule.NoMediaNode(Start);
        foreach (var count in new[] { 1, 9, 16 })
            Assert.That(Decide(count, mode, policy: policy, carried: false), Is.EqualTo(new ModeDecision(mode, ModeReason.Policy)));
    }

    [Test]
    public void Mesh_policy_applies_up_to_twice_the_threshold_and_again_after_the_return_delay()
    {
        Assert.That(
            Decide(17, ChannelMode.P2P, policy: ModePolicy.P2P), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.AboveThreshold)));
        Assert.That(Decide(16, ChannelMode.Sfu, 10, ModePolicy.P2P).Mode, Is.EqualTo(ChannelMode.Sfu), "no flapping at the limit");
        Assert.That(_rule.NextDeadline, Is.EqualTo(Start.AddSeconds(30)));
        Assert.That(Decide(16, ChannelMode.Sfu, 30, ModePolicy.P2P), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.Policy)));
    }

    [Test]
    public void Sfu_policy_applies_to_any_number_of_members([Values(1, 17, 200)] int count) =>
        Assert.That(
            Decide(count, ChannelMode.Sfu, policy: ModePolicy.Sfu), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.Policy)));

    [Test]
    public void Deployment_without_meshes_is_always_in_sfu_mode([Values] ModePolicy policy, [Values(1, 8, 200)] int count)
    {
        var rule = new ModeRule(new ChannelOptions { AllowMesh = false });
        foreach (ChannelMode? mode in new ChannelMode?[] { null, ChannelMode.Sfu })
            Assert.That(rule.Decide(policy, count, mode, carried: false, Start).Mode, Is.EqualTo(ChannelMode.Sfu));
        rule.NoMediaNode(Start);
        rule.Request(ChannelMode.P2P, Start);
        Assert.That(rule.Decide(policy, count, ChannelMode.Sfu, carried: false, Start).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(rule.MayBeMesh(1), Is.False);
    }

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void Channel_may_be_set_to_a_mesh_up_to_twice_the_threshold(int count, bool allowed) =>
        Assert.That(_rule.MayBeMesh(count), Is.EqualTo(allowed));

    [Test]
    public void Channel_with_a_failed_p2p_pair_stays_in_sfu_mode_until_the_channel_is_empty()
    {
        _rule.PairFailed();
        Assert.That(Decide(2, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.PeerConnectionFailed)));
        Decide(2, ChannelMode.Sfu);
        Assert.That(Decide(2, ChannelMode.Sfu, 3600).Mode, Is.EqualTo(ChannelMode.Sfu));
        _rule.Reset();
        Assert.That(Decide(1, null, 3601).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [Test]
    public void Requested_mode_overrides_the_member_threshold_for_the_return_delay()
    {
        _rule.Request(ChannelMode.P2P, Start);
        Assert.That(Decide(9, ChannelMode.P2P, 29), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.Requested)));
        Assert.That(Decide(9, ChannelMode.P2P, 30), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.AboveThreshold)));
    }

    [Test]
    public void Small_channel_with_requested_sfu_becomes_a_mesh_after_the_return_delay()
    {
        _rule.Request(ChannelMode.Sfu, Start);
        Assert.That(Decide(3, ChannelMode.Sfu).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(3, ChannelMode.Sfu, 30), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
    }

    [Test]
    public void Request_for_a_mesh_clears_an_earlier_failed_p2p_pair()
    {
        _rule.PairFailed();
        _rule.Request(ChannelMode.P2P, Start);
        Assert.That(Decide(2, ChannelMode.P2P, 60).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [Test]
    public void Mesh_above_the_threshold_without_a_node_stays_a_mesh_until_the_retry_delay_has_passed()
    {
        _rule.NoMediaNode(Start);
        Assert.That(_rule.WaitsForNode(Start), Is.True);
        Assert.That(Decide(9, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.NoMediaNode)));
        Assert.That(_rule.NextDeadline, Is.EqualTo(Start.AddSeconds(2)));
        Assert.That(Decide(9, ChannelMode.P2P, 2).Mode, Is.EqualTo(ChannelMode.Sfu));
    }

    [TestCase(8, ChannelMode.P2P)]
    [TestCase(9, ChannelMode.Sfu)]
    public void Sfu_channel_without_a_media_node_becomes_a_mesh_only_up_to_the_p2p_threshold(int count, ChannelMode mode)
    {
        _rule.NoMediaNode(Start);
        Assert.That(Decide(count, ChannelMode.Sfu, carried: false).Mode, Is.EqualTo(mode));
    }

    [Test]
    public void Channel_with_a_room_stays_in_sfu_mode_when_no_other_node_is_available()
    {
        _rule.NoMediaNode(Start);
        Assert.That(Decide(8, ChannelMode.Sfu, carried: true).Mode, Is.EqualTo(ChannelMode.Sfu));
    }
}
