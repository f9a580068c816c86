using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>The state that a <c>welcome</c> reports.</summary>
internal sealed record WelcomeFacts(
    JoinResult Joined,
    long RosterVersion,
    WireParticipant[] Participants,
    Participant Self,
    Layout Current,
    Layout? Pending,
    MemberNumber? Dominant,
    ChannelSettings Settings)
{
    /// <summary>
    /// Combines the channel's answer with the batches that arrived meanwhile: for roster and layouts it takes the newer state, which may
    /// come from either.
    /// </summary>
    /// <param name="joined">The channel's answer to a join or resume.</param>
    /// <param name="roster">The replica's roster.</param>
    /// <param name="layouts">The replica's layouts.</param>
    /// <param name="incarnation">The activation that the replica's roster belongs to.</param>
    public static WelcomeFacts Newest(JoinResult joined, RosterReplica roster, LayoutReplica layouts, long incarnation)
    {
        var snapshot = joined.Snapshot!;
        var replicaIsNewer = snapshot.Incarnation == incarnation
            && roster.Version > snapshot.RosterVersion && roster.Contains(joined.Number);
        var participants = replicaIsNewer ? [.. roster.Participants] : snapshot.Participants;
        var (current, pending) = layouts.NewerOf(snapshot);
        return new WelcomeFacts(
            joined,
            replicaIsNewer ? roster.Version : snapshot.RosterVersion,
            [.. participants.Select(WireParticipant.From)],
            participants.Single(participant => participant.Number == joined.Number),
            current,
            pending,
            snapshot.DominantSpeaker,
            snapshot.Settings);
    }
}
