using Hype.Gateway.Auth;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Control.Models;

internal sealed record ChannelListItem(string Channel, ChannelMode Mode, LayoutEpoch Epoch, ModeReason Reason, int Participants)
{
    public static ChannelListItem From(ChannelSummary summary) =>
        new(summary.Channel.Value, summary.Mode, summary.Epoch, summary.Reason, summary.Participants);
}

/// <summary>A channel with its participants and rooms.</summary>
/// <param name="Pending">The layout that members prepare during a switch.</param>
/// <param name="CreatedAt">Null: the channel exists only while it has members.</param>
/// <param name="News">The number of the newest event that the state contains: <c>/events?after=</c> continues after it.</param>
/// <param name="Rooms">The rooms with their media nodes; empty in a mesh.</param>
internal sealed record ChannelDetails(
    string Channel,
    ChannelMode Mode,
    LayoutEpoch Epoch,
    ModeReason Reason,
    DateTimeOffset Since,
    WireLayout? Pending,
    SettingsBody Settings,
    DateTimeOffset? CreatedAt,
    long Seq,
    long News,
    ParticipantDetails[] Participants,
    RoomDetails[] Rooms,
    MemberNumber? Dominant)
{
    public static ChannelDetails From(ChannelSnapshot snapshot) => new(
        snapshot.Channel.Value,
        snapshot.Current.Mode,
        snapshot.Current.Epoch,
        snapshot.Current.Reason,
        snapshot.Current.Since,
        snapshot.Pending is { } pending ? WireLayout.From(pending) : null,
        SettingsBody.From(snapshot.Settings),
        snapshot.CreatedAt,
        snapshot.RosterVersion,
        snapshot.News,
        [.. snapshot.Participants.Select(ParticipantDetails.From)],
        [.. snapshot.Rooms.Select(RoomDetails.From)],
        snapshot.DominantSpeaker);
}

internal sealed record RoomDetails(string Region, string Node, RoomEpoch Epoch)
{
    public static RoomDetails From(RoomAssignment room) => new(room.Region.Value, room.Node.Value, room.Epoch);
}

/// <summary>The complete settings of a channel; a missing field takes its default.</summary>
internal sealed record SettingsBody(ModePolicy Mode = ModePolicy.Auto, int? MaxParticipants = null, string Name = "", string Metadata = "")
{
    public static SettingsBody From(ChannelSettings settings) =>
        new(settings.Mode, settings.MaxParticipants, settings.Name, settings.Metadata);

    public ChannelSettings Read() => new() { Mode = Mode, MaxParticipants = MaxParticipants, Name = Name, Metadata = Metadata };
}

internal sealed record MoveBody(string Channel);

internal sealed record GrantsBody(string[] Grants);

/// <summary>The body of a request to mint a token.</summary>
/// <param name="Lifetime">Seconds, 10–<c>Hype:Auth:MaxTokenLifetime</c>.</param>
internal sealed record TokenBody(string Identity, string[] Channels, string[] Grants, string Name = "", int Lifetime = 3_600);

/// <summary>A participant as administrators see it, with its grants.</summary>
internal sealed record ParticipantDetails(
    MemberNumber Number,
    string Identity,
    string Name,
    string[] Grants,
    bool Muted,
    bool Deafened,
    bool ServerMuted,
    bool Away,
    ConnectionQuality Quality,
    LayoutEpoch SinceEpoch,
    DateTimeOffset JoinedAt,
    IReadOnlyDictionary<string, string> Attributes)
{
    public static ParticipantDetails From(Participant participant) => new(
        participant.Number,
        participant.Identity,
        participant.Name,
        WireGrants.Write(participant.Grants),
        participant.Muted,
        participant.Deafened,
        participant.ServerMuted,
        participant.Away,
        participant.Quality,
        participant.SinceEpoch,
        participant.JoinedAt,
        participant.Attributes);
}

/// <summary>The body of a request to ban an identity.</summary>
/// <param name="Until">The end of the ban; null: permanent.</param>
internal sealed record BanBody(string Reason = "", DateTimeOffset? Until = null);

/// <summary>The answer to a moderator's order, which is in effect.</summary>
/// <param name="Storage"><c>stored</c>, or <c>notStored</c>: it is written when the storage is available again.</param>
internal sealed record ModerationDetails(string Storage)
{
    public static ModerationDetails From(ModerationResult result) => new(StorageOf(result));

    public static string StorageOf(ModerationResult result) => result.IsStored ? "stored" : "notStored";
}

/// <summary>The answer to a revocation, with the number of sessions that it ended.</summary>
/// <param name="Storage">As in <see cref="ModerationDetails"/>.</param>
internal sealed record RevocationDetails(string Storage, int Sessions)
{
    public static RevocationDetails From(ModerationResult result) => new(ModerationDetails.StorageOf(result), result.Sessions);
}

internal sealed record BanDetails(string Identity, string Reason, DateTimeOffset? Until);

/// <summary>The mute and the denied grants of an identity, which may be absent.</summary>
internal sealed record RestrictionDetails(string Identity, bool ServerMuted, string[] Denied)
{
    public static RestrictionDetails From(RestrictedIdentity restricted) =>
        new(restricted.Identity, restricted.Restriction.ServerMuted, WireGrants.Write(restricted.Restriction.Denied));
}

/// <summary>The body of a request for a guest token.</summary>
/// <param name="Identity">The identity of an earlier token, so that a reload stays the same guest; null makes a new one.</param>
internal sealed record GuestTokenRequest(string Name, string Channel, string? Identity = null);

internal sealed record GuestToken(string Token, string Identity);

internal sealed partial record NodeDetails
{
    public static NodeDetails From(NodeStatus status) => new(
        status.Registration.Node.Value,
        status.Registration.Region.Value,
        status.Registration.Version,
        status.Registration.Workers,
        status.Load.Load,
        status.Load.Cpu,
        status.Load.Endpoints,
        status.Load.Rooms,
        status.Load.PacketsReceived,
        status.Load.PacketsForwarded,
        status.Load.PacketsDropped,
        status.Load.Draining,
        status.LastHeartbeat);
}
