using Grpc.Core;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class NodeOutcomesTests
{
    [TestCase(StatusCode.Unavailable, NodeOutcome.Unreachable)]
    [TestCase(StatusCode.DeadlineExceeded, NodeOutcome.Unreachable)]
    [TestCase(StatusCode.Cancelled, NodeOutcome.Unreachable)]
    [TestCase(StatusCode.Unauthenticated, NodeOutcome.Failed)]
    [TestCase(StatusCode.InvalidArgument, NodeOutcome.Failed)]
    public void Grpc_status_of_a_failed_call_maps_to_an_outcome(StatusCode status, object outcome) =>
        Assert.That(NodeOutcomes.Of(NodeOutcomes.CodeOf(status)), Is.EqualTo(outcome));

    [Test]
    public void Outcome_code_maps_to_the_outcome_of_the_same_name()
    {
        foreach (var code in Enum.GetValues<OutcomeCode>().Where(code => code != OutcomeCode.Unspecified))
            Assert.That(NodeOutcomes.Of(code).ToString(), Is.EqualTo(code.ToString()));
    }

    [Test]
    public void Unknown_outcome_code_maps_to_a_failure() => Assert.That(NodeOutcomes.Of((OutcomeCode)999), Is.EqualTo(NodeOutcome.Failed));

    [TestCase(NodeOutcome.Done, VoiceError.None)]
    [TestCase(NodeOutcome.InvalidFingerprint, VoiceError.InvalidAnswer)]
    [TestCase(NodeOutcome.InvalidOrder, VoiceError.Internal)]
    [TestCase(NodeOutcome.UnknownRoom, VoiceError.Unavailable)]
    [TestCase(NodeOutcome.Superseded, VoiceError.Unavailable)]
    [TestCase(NodeOutcome.Unreachable, VoiceError.Unavailable)]
    public void Outcome_maps_to_an_error_for_clients(object outcome, VoiceError error) =>
        Assert.That(NodeOutcomes.ErrorFor((NodeOutcome)outcome), Is.EqualTo(error));

    [Test]
    public void Room_counts_as_gone_only_if_the_node_does_not_hold_it_for_this_activation() => Assert.That(
        Enum.GetValues<NodeOutcome>().Where(NodeOutcomes.RoomIsGone),
        Is.EquivalentTo(new[] { NodeOutcome.UnknownRoom, NodeOutcome.StaleEpoch, NodeOutcome.Superseded }));

    [Test]
    public void Every_outcome_maps_to_an_error() =>
        Assert.That(() => Enum.GetValues<NodeOutcome>().Select(NodeOutcomes.ErrorFor).ToArray(), Throws.Nothing);
}
