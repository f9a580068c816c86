using System.Text.Json.Nodes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A channel's state as the REST API returns it.</summary>
internal sealed record ChannelState(string Mode, int Epoch, IReadOnlyList<MemberState> Members, IReadOnlyList<RoomState> Rooms)
{
    public static ChannelState Read(JsonNode channel) => new(
        channel["mode"]!.GetValue<string>(),
        channel["epoch"]!.GetValue<int>(),
        [.. channel["participants"]!.AsArray().Select(member => MemberState.Read(member!)).OrderBy(member => member.Number)],
        [.. channel["rooms"]!.AsArray().Select(room => new RoomState(
            room!["region"]!.GetValue<string>(), room["node"]!.GetValue<string>(), room["epoch"]!.GetValue<int>()))]);

    public MemberState Member(string identity) => Members.Single(member => member.Identity == identity);
}

/// <summary>The properties of a member that a fault must not change. The number also identifies the session.</summary>
internal sealed record MemberState(uint Number, string Identity, bool Muted, bool Deafened, bool ServerMuted)
{
    public static MemberState Read(JsonNode member) => new(
        member["number"]!.GetValue<uint>(),
        member["identity"]!.GetValue<string>(),
        member["muted"]!.GetValue<bool>(),
        member["deafened"]!.GetValue<bool>(),
        member["serverMuted"]!.GetValue<bool>());
}

/// <summary>A room of a channel: its region, its media node and its room epoch.</summary>
internal sealed record RoomState(string Region, string Node, int Epoch);
