using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Channels;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Diagnostics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GrainMetricsTests : IDisposable
{
    private readonly RecordedMetrics _recorded = new();

    private GrainMetrics Metrics => _recorded.Metrics;

    public void Dispose() => _recorded.Dispose();

    [Test]
    public void Channels_and_members_are_counted_by_mode()
    {
        var mesh = Activate("mesh", ChannelMode.P2P, 3);
        Activate("large", ChannelMode.Sfu, 40);
        Activate("larger", ChannelMode.Sfu, 60);
        Assert.That(_recorded.Read("hype.channels"), Is.EqualTo(ByMode(1, 2)));
        Assert.That(_recorded.Read("hype.channel.participants"), Is.EqualTo(ByMode(3, 100)));

        Metrics.ChannelGone(mesh);
        Assert.That(_recorded.Read("hype.channels"), Is.EqualTo(ByMode(0, 2)));
    }

    [Test]
    public void Channel_without_members_is_not_counted()
    {
        Activate("empty", ChannelMode.P2P, 0);
        Assert.That(_recorded.Read("hype.channels"), Is.EqualTo(ByMode(0, 0)));
    }

    [Test]
    public void Later_summary_of_a_channel_replaces_the_earlier_summary_in_the_metrics()
    {
        var channel = Activate("lobby", ChannelMode.P2P, 3);
        Metrics.ChannelActive(channel, Summary("lobby", ChannelMode.Sfu, 9));
        Assert.That(_recorded.Read("hype.channel.participants"), Is.EqualTo(ByMode(0, 9)));
    }

    [Test]
    public void Joins_are_counted_by_the_name_of_their_result()
    {
        Metrics.Joined(VoiceError.None);
        Metrics.Joined(VoiceError.None);
        Metrics.Joined(VoiceError.ChannelFull);
        var joins = _recorded.Read("hype.channel.joins");
        Assert.That((joins["result=ok"], joins["result=channelFull"]), Is.EqualTo((2.0, 1.0)));
    }

    [Test]
    public void Ended_sessions_are_counted_by_reason_and_placements_by_result()
    {
        Metrics.Left(LeaveReason.TimedOut);
        Metrics.Placed(NodeOutcome.Done);
        Metrics.Placed(NodeOutcome.NoCapacity);
        Assert.That(_recorded.Read("hype.channel.leaves")["reason=timedOut"], Is.EqualTo(1));
        var placements = _recorded.Read("hype.channel.placements");
        Assert.That((placements["result=ok"], placements["result=noCapacity"]), Is.EqualTo((1.0, 1.0)));
    }

    [Test]
    public void Duration_of_a_layout_switch_is_measured_by_mode_and_reason()
    {
        var layout = new Layout(new(2), ChannelMode.Sfu, ModeReason.AboveThreshold, DateTimeOffset.UnixEpoch);
        Metrics.Switched(layout, TimeSpan.FromMilliseconds(1_500));
        Assert.That(
            _recorded.Read("hype.channel.switch.duration"),
            Is.EqualTo(new Dictionary<string, double> { ["mode=sfu reason=aboveThreshold"] = 1.5 }));
    }

    [TestCase((int)MoveWay.Candidate, "way=candidate")]
    [TestCase((int)MoveWay.IceRestart, "way=ice_restart")]
    [TestCase((int)MoveWay.NewConnection, "way=new_connection")]
    public void Duration_of_an_endpoint_move_is_measured_with_the_move_way_as_label(int way, string series)
    {
        Metrics.Moved((MoveWay)way, TimeSpan.FromSeconds(2));
        Assert.That(_recorded.Read("hype.channel.move.duration"), Is.EqualTo(new Dictionary<string, double> { [series] = 2 }));
    }

    [Test]
    public void Metric_values_of_a_tracked_media_node_are_read_at_each_collection()
    {
        var figures = new NodeFigures("local", Load: 0.25, Draining: false, SinceHeartbeat: TimeSpan.FromSeconds(3));
        Func<NodeFigures?> read = () => figures;
        Metrics.TrackNode(MachineBench.NodeA, read);
        Assert.That(_recorded.Read("hype.node.load.ratio"), Is.EqualTo(OfNode(0.25)));
        Assert.That(_recorded.Read("hype.node.draining"), Is.EqualTo(OfNode(0)));
        Assert.That(_recorded.Read("hype.node.lease.age"), Is.EqualTo(OfNode(3)));

        figures = figures with { Draining = true };
        Assert.That(_recorded.Read("hype.node.draining"), Is.EqualTo(OfNode(1)));
    }

    [Test]
    public void Tracked_but_unregistered_media_node_has_no_metric_values()
    {
        Metrics.TrackNode(MachineBench.NodeA, () => null);
        Assert.That(_recorded.Read("hype.node.load.ratio"), Is.Empty);
    }

    [Test]
    public void Untracking_by_an_earlier_activation_does_not_untrack_the_node_of_a_later_activation()
    {
        Func<NodeFigures?> earlier = () => null;
        Metrics.TrackNode(MachineBench.NodeA, earlier);
        Metrics.TrackNode(MachineBench.NodeA, () => new NodeFigures("local", 0.5, false, TimeSpan.Zero));
        Metrics.UntrackNode(MachineBench.NodeA, earlier);
        Assert.That(_recorded.Read("hype.node.load.ratio"), Is.EqualTo(OfNode(0.5)));
    }

    [Test]
    public void Untracked_media_node_has_no_metric_values()
    {
        Func<NodeFigures?> figures = () => new NodeFigures("local", 0.5, false, TimeSpan.Zero);
        Metrics.TrackNode(MachineBench.NodeA, figures);
        Metrics.UntrackNode(MachineBench.NodeA, figures);
        Assert.That(_recorded.Read("hype.node.load.ratio"), Is.Empty);
    }

    [Test]
    public void Duration_of_every_node_order_is_measured_and_only_failed_orders_count_as_failures()
    {
        Metrics.NodeOrderCompleted("AddEndpoint", NodeOutcome.Done, TimeSpan.FromSeconds(1));
        Metrics.NodeOrderCompleted("AddEndpoint", NodeOutcome.Unreachable, TimeSpan.FromSeconds(2));
        Assert.That(_recorded.Read("hype.node.order.duration")["order=AddEndpoint"], Is.EqualTo(3));
        Assert.That(
            _recorded.Read("hype.node.order.failures"),
            Is.EqualTo(new Dictionary<string, double> { ["order=AddEndpoint outcome=unreachable"] = 1 }));
    }

    [Test]
    public void Metric_series_of_an_added_webhook_receiver_start_at_zero()
    {
        Metrics.AddReceiver("audit");
        Assert.That(
            _recorded.Read("hype.webhook.requests"),
            Is.EqualTo(new Dictionary<string, double> { ["receiver=audit result=taken"] = 0, ["receiver=audit result=refused"] = 0 }));
        Assert.That(_recorded.Read("hype.webhook.events.lost"), Is.EqualTo(new Dictionary<string, double> { ["receiver=audit"] = 0 }));
    }

    [Test]
    public void Webhook_requests_and_lost_events_are_counted_per_receiver()
    {
        Metrics.WebhookSent("audit", taken: true);
        Metrics.WebhookSent("audit", taken: false);
        Metrics.WebhookEventsLost("audit", 7);
        var requests = _recorded.Read("hype.webhook.requests");
        Assert.That((requests["receiver=audit result=taken"], requests["receiver=audit result=refused"]), Is.EqualTo((1.0, 1.0)));
        Assert.That(_recorded.Read("hype.webhook.events.lost")["receiver=audit"], Is.EqualTo(7));
    }

    /// <summary>Adds an active channel to the metrics, which use its grain only as a key.</summary>
    private IChannelGrain Activate(string channel, ChannelMode mode, int participants)
    {
        var grain = FakeCalls.Create<IChannelGrain>((_, _) => Task.CompletedTask);
        Metrics.ChannelActive(grain, Summary(channel, mode, participants));
        return grain;
    }

    private static ChannelSummary Summary(string channel, ChannelMode mode, int participants) =>
        new(ChannelId.Parse(channel), mode, new(1), ModeReason.Created, participants);

    private static Dictionary<string, double> ByMode(double mesh, double forwarded) =>
        new() { ["mode=p2p"] = mesh, ["mode=sfu"] = forwarded };

    private static Dictionary<string, double> OfNode(double figure) => new() { ["node=a region=local"] = figure };
}
