using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// The message <c>roster</c> with one version of the roster. All sockets share its bytes, which are serialized at their first use: a use
/// outside the replica's lock does not delay the channel's events.
/// </summary>
internal sealed class RosterFrame(long version, IReadOnlyCollection<Participant> participants)
{
    private readonly Lazy<ReadOnlyMemory<byte>> _bytes = new(() =>
        SignalingJsonContext.Frame(new RosterMessage(version, [.. participants.Select(WireParticipant.From)])));

    public long Version => version;

    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    public static RosterFrame Of(ChannelSnapshot snapshot) => new(snapshot.RosterVersion, snapshot.Participants);
}
