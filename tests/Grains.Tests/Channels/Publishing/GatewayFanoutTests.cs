using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Gateways;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels.Publishing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GatewayFanoutTests
{
    private static readonly ChannelEffect ForAll = new PublishToAll(new SpeakersChanged(new MemberNumber(1)));
    private readonly FakeTimeProvider _time = new();
    private readonly GatewayLeases _leases;
    private readonly GatewayFanout _fanout;

    public GatewayFanoutTests()
    {
        _leases = new GatewayLeases(new OptionsWrapper<GatewayLeaseOptions>(new()), _time);
        _fanout = new GatewayFanout(MachineBench.Channel, incarnation: 5, _leases);
    }

    private static GatewayRef Gateway(string id) => new(id, MachineBench.Local, new NamedGateway(id));

    private Dictionary<string, ChannelEventBatch> Batch(params ChannelEffect[] effects) =>
        _fanout.Batch(effects).ToDictionary(sent => ((NamedGateway)sent.Observer).Id, sent => sent.Batch);

    [Test]
    public void Each_gateway_gets_the_public_events_and_the_events_of_its_own_sessions_in_one_batch()
    {
        _fanout.Listen(Gateway("g1"));
        _fanout.Listen(Gateway("g2"));
        var ended = new SessionEnded(SessionId.New(), LeaveReason.Kicked);
        var batches = Batch(new NotifySession("g1", ended), ForAll, new EndSession(ended.Session, "ada", LeaveReason.Left));
        Assert.That(batches["g1"].Events, Is.EqualTo(new ChannelEvent[] { ended, new SpeakersChanged(new MemberNumber(1)) }));
        Assert.That(batches["g2"].Events, Is.EqualTo(new ChannelEvent[] { new SpeakersChanged(new MemberNumber(1)) }));
        Assert.That(batches["g1"].Incarnation, Is.EqualTo(5));
    }

    [Test]
    public void Event_batches_to_each_gateway_are_numbered_separately_from_one()
    {
        _fanout.Listen(Gateway("g1"));
        Assert.That(Batch(ForAll)["g1"].Sequence, Is.EqualTo(1));
        _fanout.Listen(Gateway("g2"));
        _fanout.Listen(Gateway("g1"));
        var batches = Batch(ForAll);
        Assert.That((batches["g1"].Sequence, batches["g2"].Sequence), Is.EqualTo((2, 1)));
        _fanout.Restart(Gateway("g1"));
        Assert.That(Batch(ForAll)["g1"].Sequence, Is.EqualTo(1));
    }

    [Test]
    public void Gateway_without_events_gets_no_batch_and_no_gap_in_the_batch_numbers()
    {
        _fanout.Listen(Gateway("g1"));
        Assert.That(Batch(new NotifySession("g2", new SpeakersChanged(new MemberNumber(1)))), Is.Empty);
        Assert.That(Batch(ForAll)["g1"].Sequence, Is.EqualTo(1));
    }

    [Test]
    public void Gateway_without_a_session_is_removed()
    {
        _fanout.Listen(Gateway("g1"));
        _fanout.Listen(Gateway("g2"));
        _fanout.RetainOnly(new HashSet<string> { "g2" });
        Assert.That(Batch(ForAll).Keys, Is.EqualTo(new[] { "g2" }));
        _fanout.Clear();
        Assert.That(Batch(ForAll), Is.Empty);
    }

    [Test]
    public void Channel_depends_on_the_lease_of_each_gateway_with_sessions()
    {
        Assert.That(Renewed(), Is.Empty);
        _fanout.Listen(Gateway("g1"));
        _fanout.Restart(Gateway("g2"));
        Assert.That(Renewed(), Is.EquivalentTo(new[] { "g1", "g2" }));
        _fanout.RetainOnly(new HashSet<string> { "g2" });
        _time.Advance(GatewayLease.Interval);
        Assert.That(Renewed(), Is.EqualTo(new[] { "g2" }));
        _fanout.Clear();
        _time.Advance(GatewayLease.Interval);
        Assert.That(Renewed(), Is.Empty);
    }

    private IEnumerable<string> Renewed() => _leases.Check().Due.Select(request => request.Gateway.GatewayId);

    private sealed class NamedGateway(string id) : IGatewayObserver
    {
        public string Id => id;

        public Task ChannelChanged(ChannelEventBatch batch) => Task.CompletedTask;

        public Task<ChannelId[]> RenewLease(ChannelId[] channels, bool lost) => Task.FromResult<ChannelId[]>([]);

        public Task<bool> Signalled(ChannelId channel, SessionId to, PeerSignal[] signals) => Task.FromResult(true);
    }
}
