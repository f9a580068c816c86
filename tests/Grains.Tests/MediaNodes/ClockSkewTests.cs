using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.MediaNodes;
using Hype.Grains.Tests.Channels;
using Hype.Grains.Tests.Testing;
using Hype.Grains.Timing;

namespace Hype.Grains.Tests.MediaNodes;

/// <summary>
/// Tests that tickets are neither reused nor lost if the clocks of the silos differ: the lease of a node is on one silo, the channel with
/// its tickets on another one. Each has its own wall clock, and both have the same time between two events.
/// </summary>
[TestFixture(0)]
[TestFixture(10)]
[TestFixture(-10)]
[TestFixture(180)]
[TestFixture(-180)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClockSkewTests
{
    private readonly SteppedTime _nodeTime = new();
    private readonly SteppedTime _channelTime;
    private readonly SteadyClock _channelClock;
    private readonly NodeLease _lease;
    private readonly MachineBench _channel = new(new ChannelOptions { P2PThreshold = 2 });
    private readonly Member _member;

    public ClockSkewTests(int skewSeconds)
    {
        _channelTime = new SteppedTime(TimeSpan.FromSeconds(skewSeconds));
        _channelClock = new SteadyClock(_channelTime);
        _lease = new NodeLease(new NodeLeaseOptions(), Uptime);
        // The bench follows the clock of the channel's silo.
        _channel.SetTime(_channelClock.Now);
        _member = _channel.JoinManyInSfu(3)[0];
        Pass(1);
        Report(version: 1);
    }

    private TimeSpan Uptime => TimeSpan.FromTicks(_nodeTime.GetTimestamp());

    [TestCase(0.2)]
    [TestCase(1.4, Description = "the host vanished")]
    [TestCase(2.5)]
    public void Ticket_of_a_lost_node_revives_the_endpoint(double silence)
    {
        Pass(silence);
        Lose();
        Assert.That(Revived(), Is.True);
    }

    [TestCase(2.6, Description = "with the longest travel of the notice, 5 s have passed")]
    [TestCase(6)]
    public void Ticket_of_a_node_that_may_have_used_higher_indices_is_void(double silence)
    {
        Pass(silence);
        Lose();
        Assert.That(Revived(), Is.False);
    }

    [Test]
    public void Ticket_from_before_a_gap_of_the_acknowledgements_is_void_and_a_later_one_is_valid()
    {
        Pass(6);
        _lease.Renew(Uptime, ackedFor: TimeSpan.Zero);
        Pass(0.5);
        Lose();
        Assert.That(Revived(), Is.False, "the node may have used higher indices during the gap");
    }

    [Test]
    public void Ticket_after_a_gap_of_the_acknowledgements_revives_the_endpoint()
    {
        Pass(6);
        _lease.Renew(Uptime, ackedFor: TimeSpan.Zero);
        Pass(0.5);
        Report(version: 2);
        Pass(0.5);
        Lose();
        Assert.That(Revived(), Is.True);
    }

    [TestCase(180)]
    [TestCase(-180)]
    public void Correction_of_a_clock_between_ticket_and_loss_changes_nothing(int seconds)
    {
        _channelTime.Step(TimeSpan.FromSeconds(seconds));
        _nodeTime.Step(TimeSpan.FromSeconds(-seconds));
        Pass(1);
        Lose();
        Assert.That(Revived(), Is.True);
    }

    private void Pass(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        _nodeTime.Advance(time);
        _channelTime.Advance(time);
        _channel.SetTime(_channelClock.Now);
    }

    /// <summary>The node reports a ticket: the report renews the lease, and the channel stores the ticket.</summary>
    private void Report(long version)
    {
        _lease.Renew(Uptime, ackedFor: null);
        var room = _channel.Machine.Rooms.Single();
        _channel.Report(
            MachineBench.NodeA,
            new EndpointConnected(_member.Number) { Channel = MachineBench.Channel, Epoch = room.Epoch },
            new EndpointTicketed(_member.Number, new TransportTicket("ufrag", [new Ssrc(1)], "AA", version, []))
            {
                Channel = MachineBench.Channel,
                Epoch = room.Epoch,
            });
    }

    private void Lose()
    {
        var session = new NodeSession(new FakeMediaNode("a").Registration, new FakeMediaNode("a"), _lease);
        _channel.Forget();
        _channel.Run(new NodeLost(MachineBench.NodeA, session.SilentFor(Uptime), session.AckedFor(Uptime)));
        _channel.Place(MachineBench.NodeB);
    }

    private bool Revived() => _channel.Effects.OfType<ReviveEndpoint>().Any(order => order.Endpoint.Number == _member.Number);
}
