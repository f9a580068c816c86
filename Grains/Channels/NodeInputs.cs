using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.MediaNodes;
using Hype.Grains.Sessions;

namespace Hype.Grains.Channels;

/// <summary>Passes the answers and reports of media nodes to the parts of the channel that they concern.</summary>
internal sealed class NodeInputs(
    Roster roster,
    Membership members,
    LayoutTransition transition,
    ChannelLayouts layouts,
    EndpointPlanner endpoints,
    RoomLinks links,
    SpeakerPublisher speakers,
    EffectList effects)
{
    public void Apply(NodeAnswered answer, DateTimeOffset now)
    {
        switch (answer.Order)
        {
            case PlaceRoom place when answer.Room is { } room:
                layouts.RoomPlaced(place, room, now);
                break;
            case PlaceRoom place:
                layouts.PlacementFailed(place, now);
                break;
            case VerifyRoom verify when answer.Listed is { } listed:
                endpoints.OnRoomVerified(verify.Room, listed.Endpoints, now);
                links.OnLinksListed(verify.Room, listed.Links, now);
                break;
            case VerifyRoom verify:
                layouts.LoseRoom(verify.Room.Epoch, verify.Room.Node, now);
                break;
            case RenewRoom renew when answer.Outcome != NodeOutcome.Done:
                layouts.LoseRoom(renew.Epoch, renew.Node, now);
                break;
            case AddEndpoint add when answer.Offer is { } offer:
                endpoints.OnAdded(add.Endpoint, offer);
                break;
            case AddEndpoint add when NodeOutcomes.RoomIsGone(answer.Outcome):
                layouts.LoseRoom(add.Endpoint.Room.Epoch, add.Endpoint.Room.Node, now);
                break;
            case ReviveEndpoint or HandOver when answer.Offer is { } offer:
                endpoints.OnRevived(((EndpointOrder)answer.Order).Endpoint, offer, now);
                break;
            case RestartIce restart when answer.Offer is { } offer:
                endpoints.OnIceRestarted(restart.Endpoint, offer, now);
                break;
            case AcceptAnswer accept when answer.Outcome != NodeOutcome.Done && roster.Find(accept.Number) is { } answering:
                // Without the fingerprint the node drops all media of the client. A new endpoint replaces 30 s of silence.
                endpoints.OnEndpointMissing(accept.Answer.Epoch, answering);
                break;
            case UpdateEndpoint update:
                var isUnknown = answer.Outcome is NodeOutcome.UnknownRoom or NodeOutcome.UnknownEndpoint;
                var isThere = endpoints.RoomOf(update.Endpoint.Layout, update.Endpoint.Number) == update.Endpoint.Room;
                if (isUnknown && isThere && roster.Find(update.Endpoint.Number) is { } member)
                    endpoints.OnEndpointMissing(update.Endpoint.Layout, member);
                break;
            case EndpointOrder refused:
                endpoints.OnRefused(refused.Endpoint);
                break;
            case LinkRooms link when answer.Outcome == NodeOutcome.Done:
                links.OnLinked(link.Pair, link.Name);
                break;
            case LinkRooms link:
                links.OnLinkFailed(link.Pair, now);
                break;
        }
    }

    public void Apply(NodeReported report, DateTimeOffset now)
    {
        foreach (var roomEvent in report.Events)
        {
            foreach (var layout in transition.Announced)
            {
                if (layout.Find(roomEvent.Epoch) is { } room && room.Node == report.Node)
                    Observe(layout, room, roomEvent, now);
            }
        }
    }

    private void Observe(ActiveLayout layout, ActiveRoom room, RoomEvent roomEvent, DateTimeOffset now)
    {
        switch (roomEvent)
        {
            // Linked rooms all carry the same conversation: the report of the first is enough.
            case DominantSpeakerChanged speaker when layout == transition.Current && room == layout.Rooms[0]:
                speakers.Set(speaker.Number);
                break;
            case EndpointQuality quality when layout == transition.Current:
                members.SetNodeQuality(quality.Number, QualityLevels.Of(quality.LossPercent, quality.JitterMs, quality.RoundTripMs));
                break;
            case EndpointFlooding flooding when roster.Find(flooding.Number) is { } member:
                effects.Add(new Flooded(member.Session, member.Participant.Identity));
                break;
            case LinkLost lost:
                links.OnLinkLost(lost.Link, now);
                break;
            default:
                endpoints.OnReported(layout, room, roomEvent, now);
                break;
        }
    }
}
