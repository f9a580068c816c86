using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Layouts;

namespace Hype.Grains.Tests.Channels.Layouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModeRuleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly ModeRule _rule = new(new ChannelOptions());

    private ModeDecision Decide(int count, ChannelMode? mode, double atSeconds = 0, ModePolicy policy = ModePolicy.Auto, bool carried = true) =>
        _rule.Decide(policy, count, mode, carried, Start.AddSeconds(atSeconds));

    [Test]
    public void An_empty_channel_starts_as_its_size_wants([Range(1, 8)] int count) =>
        Assert.That(Decide(count, null), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.Created)));

    [Test]
    public void Up_to_the_threshold_a_mesh_stays_one([Range(1, 8)] int count) =>
        Assert.That(Decide(count, ChannelMode.P2P).Mode, Is.EqualTo(ChannelMode.P2P));

    [TestCase(9)]
    [TestCase(200)]
    public void Above_the_threshold_it_is_forwarded(int count) =>
        Assert.That(Decide(count, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.AboveThreshold)));

    [Test]
    public void Below_the_threshold_but_above_the_return_threshold_nothing_changes([Values(7, 8)] int count, [Values] ChannelMode mode)
    {
        Assert.That(Decide(count, mode).Mode, Is.EqualTo(mode));
        Assert.That(Decide(count, mode, 3600).Mode, Is.EqualTo(mode));
    }

    [Test]
    public void It_returns_to_a_mesh_only_after_the_whole_delay()
    {
        Assert.That(Decide(6, ChannelMode.Sfu).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(_rule.NextDeadline, Is.EqualTo(Start.AddSeconds(30)));
        Assert.That(Decide(6, ChannelMode.Sfu, 29.999).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(6, ChannelMode.Sfu, 30), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
    }

    [Test]
    public void Someone_who_comes_meanwhile_starts_the_delay_again()
    {
        Decide(6, ChannelMode.Sfu);
        Decide(7, ChannelMode.Sfu, 20);
        Decide(6, ChannelMode.Sfu, 21);
        Assert.That(Decide(6, ChannelMode.Sfu, 50.9).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(6, ChannelMode.Sfu, 51).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [TestCase(ModePolicy.P2P, ChannelMode.P2P)]
    [TestCase(ModePolicy.Sfu, ChannelMode.Sfu)]
    public void A_policy_is_obeyed_whatever_happens(ModePolicy policy, ChannelMode mode)
    {
        _rule.PairFailed();
        _rule.NoMediaNode(Start);
        foreach (var count in new[] { 1, 9, 200 })
            Assert.That(Decide(count, mode, policy: policy, carried: false), Is.EqualTo(new ModeDecision(mode, ModeReason.Policy)));
    }

    [Test]
    public void A_pair_that_failed_pins_the_node_until_the_channel_is_empty()
    {
        _rule.PairFailed();
        Assert.That(Decide(2, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.PeerConnectionFailed)));
        Decide(2, ChannelMode.Sfu);
        Assert.That(Decide(2, ChannelMode.Sfu, 3600).Mode, Is.EqualTo(ChannelMode.Sfu));
        _rule.Emptied();
        Assert.That(Decide(1, null, 3601).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [Test]
    public void A_request_holds_for_the_return_delay_and_then_the_rule_takes_it_back()
    {
        _rule.Request(ChannelMode.P2P, Start);
        Assert.That(Decide(9, ChannelMode.P2P, 29), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.Requested)));
        Assert.That(Decide(9, ChannelMode.P2P, 30), Is.EqualTo(new ModeDecision(ChannelMode.Sfu, ModeReason.AboveThreshold)));
    }

    [Test]
    public void A_requested_node_is_given_back_when_the_channel_stayed_small()
    {
        _rule.Request(ChannelMode.Sfu, Start);
        Assert.That(Decide(3, ChannelMode.Sfu).Mode, Is.EqualTo(ChannelMode.Sfu));
        Assert.That(Decide(3, ChannelMode.Sfu, 30), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
    }

    [Test]
    public void A_requested_mesh_tries_again_what_had_failed()
    {
        _rule.PairFailed();
        _rule.Request(ChannelMode.P2P, Start);
        Assert.That(Decide(2, ChannelMode.P2P, 60).Mode, Is.EqualTo(ChannelMode.P2P));
    }

    [Test]
    public void Without_a_node_a_mesh_stays_one_and_asks_again_later()
    {
        _rule.NoMediaNode(Start);
        Assert.That(_rule.WaitsForNode(Start), Is.True);
        Assert.That(Decide(9, ChannelMode.P2P), Is.EqualTo(new ModeDecision(ChannelMode.P2P, ModeReason.NoMediaNode)));
        Assert.That(_rule.NextDeadline, Is.EqualTo(Start.AddSeconds(2)));
        Assert.That(Decide(9, ChannelMode.P2P, 2).Mode, Is.EqualTo(ChannelMode.Sfu));
    }

    [TestCase(8, ChannelMode.P2P)]
    [TestCase(9, ChannelMode.Sfu)]
    public void A_channel_whose_node_is_gone_becomes_a_mesh_only_when_it_is_small_enough(int count, ChannelMode mode)
    {
        _rule.NoMediaNode(Start);
        Assert.That(Decide(count, ChannelMode.Sfu, carried: false).Mode, Is.EqualTo(mode));
    }

    [Test]
    public void A_channel_that_has_its_node_does_not_care_that_there_is_no_other()
    {
        _rule.NoMediaNode(Start);
        Assert.That(Decide(8, ChannelMode.Sfu, carried: true).Mode, Is.EqualTo(ChannelMode.Sfu));
    }
}
