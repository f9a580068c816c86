using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Tests.Channels.Members;

namespace Hype.Grains.Tests.Channels.Publishing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RosterPublisherTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly ChannelOptions Options = new() { RosterBatchAbove = 1 };

    private readonly Roster _roster = new();
    private readonly EffectList _effects = new();
    private readonly RosterPublisher _publisher;

    public RosterPublisherTests() => _publisher = new RosterPublisher(Options, _roster, _effects);

    [Test]
    public void Roster_changes_of_a_small_channel_are_published_immediately()
    {
        _roster.Add("ada");
        _publisher.PublishIfDue(Now);
        Assert.That(Published(), Is.EqualTo(new[] { typeof(RosterChanged) }));
        _publisher.PublishIfDue(Now);
        Assert.That(Published(), Is.Empty);
    }

    [Test]
    public void Roster_changes_of_a_large_channel_are_collected_for_the_batch_interval()
    {
        _roster.Add("ada");
        _roster.Add("bob");
        _publisher.PublishIfDue(Now);
        Assert.That(Published(), Is.Empty);
        Assert.That(_publisher.NextDeadline, Is.EqualTo(Now + Options.RosterBatchInterval));

        _roster.Add("eve");
        _publisher.PublishIfDue(Now + Options.RosterBatchInterval);
        Assert.That(Published(), Is.EqualTo(new[] { typeof(RosterChanged) }), "later changes do not extend the interval");
        Assert.That(_publisher.NextDeadline, Is.Null);
    }

    [Test]
    public void Pending_roster_batch_is_published_before_a_layout_event()
    {
        _roster.Add("ada");
        _roster.Add("bob");
        _publisher.PublishIfDue(Now);
        _effects.Add(new PublishToAll(new LayoutOpened(new Layout(new(1), ChannelMode.P2P, ModeReason.Created, Now))));
        Assert.That(Published(), Is.EqualTo(new[] { typeof(RosterChanged), typeof(LayoutOpened) }));
    }

    private Type[] Published() => [.. _effects.Take().OfType<PublishToAll>().Select(published => published.Event.GetType())];
}
