using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels;

/// <summary>Tests how a channel reacts to the answers of media nodes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeInputsTests
{
    private readonly MachineBench _bench = new(settings: new ChannelSettings { Mode = ModePolicy.Sfu });
    private readonly Member _ada;

    public NodeInputsTests() => _ada = _bench.JoinManyInSfu(1)[0];

    [Test]
    public void Flooding_member_is_recorded_with_its_session_and_identity()
    {
        _bench.Forget();

        _bench.Report(MachineBench.NodeA, new EndpointFlooding(_ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        _bench.Report(MachineBench.NodeA, new EndpointFlooding(new(99)) { Channel = MachineBench.Channel, Epoch = new(1) });

        Assert.That(_bench.Effects, Is.EqualTo(new[] { new Flooded(_ada.Session, _ada.Participant.Identity) }));
    }

    [TestCase(nameof(NodeOutcome.UnknownRoom))]
    [TestCase(nameof(NodeOutcome.StaleEpoch))]
    public void Room_not_held_by_the_media_node_is_closed_and_requested_on_another_node(string outcome)
    {
        _bench.Join("bob");
        var add = _bench.Effects.OfType<AddEndpoint>().Single();
        _bench.Answer(add, Enum.Parse<NodeOutcome>(outcome));
        Assert.That(_bench.Effects.OfType<CloseRoom>().Single().Epoch, Is.EqualTo(add.Endpoint.Room.Epoch));
        Assert.That(_bench.Effects.OfType<PlaceRoom>().Single().Avoid, Is.EqualTo(new[] { MachineBench.NodeA }));
    }

    [TestCase(nameof(NodeOutcome.Unreachable))]
    [TestCase(nameof(NodeOutcome.NoCapacity))]
    [TestCase(nameof(NodeOutcome.Failed))]
    public void Endpoint_refused_by_the_media_node_is_added_again_in_the_same_room(string outcome)
    {
        _bench.Join("bob");
        _bench.Answer(_bench.Effects.OfType<AddEndpoint>().Single(), Enum.Parse<NodeOutcome>(outcome));
        Assert.That(_bench.Effects.OfType<AddEndpoint>().Last().Endpoint.Generation, Is.EqualTo(1));
        Assert.That(_bench.Effects.OfType<CloseRoom>(), Is.Empty);
    }

    [Test]
    public void Late_answer_of_the_node_about_a_replaced_endpoint_is_ignored()
    {
        _bench.Join("bob");
        var first = _bench.Effects.OfType<AddEndpoint>().Single();
        _bench.Answer(first, NodeOutcome.Failed);
        _bench.Forget();
        _bench.Answer(first, offer: MachineBench.Offer(first.Endpoint.Layout));
        _bench.Answer(first, NodeOutcome.Failed);
        Assert.That(_bench.Effects, Is.Empty);
    }

    [TestCase(nameof(NodeOutcome.UnknownRoom), true)]
    [TestCase(nameof(NodeOutcome.UnknownEndpoint), true)]
    [TestCase(nameof(NodeOutcome.Failed), false)]
    public void Endpoint_is_replaced_only_if_the_node_answers_an_update_with_unknown_endpoint_or_room(string outcome, bool replaced)
    {
        _bench.Run(new Answered(_ada.Session, new(1)));
        _bench.Run(new SetState(_ada.Session, Muted: true, Deafened: false));
        _bench.Answer(_bench.Effects.OfType<UpdateEndpoint>().Single(), Enum.Parse<NodeOutcome>(outcome));
        Assert.That(_bench.Effects.OfType<AddEndpoint>().Any(), Is.EqualTo(replaced));
    }

    [TestCase(nameof(NodeOutcome.InvalidFingerprint), true)]
    [TestCase(nameof(NodeOutcome.Unreachable), true)]
    [TestCase(nameof(NodeOutcome.Done), false)]
    public void Endpoint_is_replaced_unless_the_media_node_accepts_the_SFU_answer_of_the_client(string outcome, bool replaced)
    {
        _bench.Run(new Answered(_ada.Session, new(1)));
        _bench.Answer(MachineBench.AcceptAnswer(new(1), _ada.Number), Enum.Parse<NodeOutcome>(outcome));
        Assert.That(_bench.Effects.OfType<AddEndpoint>().Any(), Is.EqualTo(replaced));
    }

    [Test]
    public void Room_unknown_to_the_media_node_at_a_renewal_is_replaced()
    {
        _bench.Run(new RenewRooms());
        _bench.Answer(_bench.Effects.OfType<RenewRoom>().Single(), NodeOutcome.UnknownRoom);
        Assert.That(_bench.Effects.OfType<PlaceRoom>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Renewed_room_is_not_replaced()
    {
        _bench.Run(new RenewRooms());
        _bench.Answer(_bench.Effects.OfType<RenewRoom>().Single());
        Assert.That(_bench.Effects.OfType<PlaceRoom>(), Is.Empty);
    }

    [Test]
    public void Revival_answer_for_an_endpoint_that_is_not_moving_is_ignored()
    {
        var placed = new EndpointRef(new(1), new(MachineBench.NodeB, MachineBench.Local, new(2)), _ada.Number, 0);
        _bench.Answer(new ReviveEndpoint(placed, new(CanSpeak: true, CanListen: true), null!), offer: MachineBench.Offer(new(1)));
        Assert.That(_bench.Effects, Is.Empty);
    }
}
