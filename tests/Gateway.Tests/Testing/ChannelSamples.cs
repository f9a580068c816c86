using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Creates snapshots of a small channel for tests.</summary>
internal static class ChannelSamples
{
    public static readonly ChannelId Lobby = ChannelId.Parse("lobby");
    public static readonly Layout Mesh = new(new(1), ChannelMode.P2P, ModeReason.Created, DateTimeOffset.UnixEpoch);
    public static readonly Layout Sfu = new(new(2), ChannelMode.Sfu, ModeReason.AboveThreshold, DateTimeOffset.UnixEpoch);

    public static ChannelSnapshot Snapshot(long version, params Participant[] participants) => new()
    {
        Channel = Lobby,
        Incarnation = 1,
        RosterVersion = version,
        Current = Mesh,
        Settings = ChannelSettings.Default,
        Participants = participants.ToImmutableArray(),
    };

    public static Participant Member(MemberNumber number) => new()
    {
        Session = new SessionId(new Guid((int)number.Value, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])),
        Number = number,
        Identity = $"id-{number}",
        Name = $"Member {number}",
        Grants = Grants.Join,
        SinceEpoch = new(1),
    };

    public static SfuOffer Offer(LayoutEpoch epoch) => new()
    {
        Epoch = epoch,
        IceUfrag = "ufrag",
        IcePwd = "a-password-of-22-chars",
        Fingerprint = "AA",
        Candidates = [],
        SlotSsrcs = [new(1), new(2)],
        Region = new RegionId("local"),
    };
}
