namespace Hype.Cli.Api;

// The fields shown in tables. Scripts get the server's answers unchanged (--json), so they also see fields that are missing here.

/// <summary>The answer to a moderation command; only a revocation has a number of sessions.</summary>
internal sealed record ModerationAnswer(string Storage, int? Sessions);

internal sealed record BanAnswer(string Identity, string Reason, DateTimeOffset? Until);

internal sealed record RestrictionAnswer(string Identity, bool ServerMuted, string[] Denied);

internal sealed record ChannelLine(string Channel, string Mode, int Epoch, string Reason, int Participants);

internal sealed record ChannelAnswer(
    string Channel,
    string Mode,
    int Epoch,
    string Reason,
    DateTimeOffset Since,
    LayoutAnswer? Pending,
    SettingsAnswer Settings,
    ParticipantAnswer[] Participants,
    RoomAnswer[] Rooms,
    uint? Dominant);

/// <summary>
/// An event of a channel. Besides <see cref="At"/>, exactly one property is not null; the name of this property is the kind of event.
/// </summary>
internal sealed record NewsAnswer(
    DateTimeOffset? At,
    ChannelAnswer? Snapshot,
    ParticipantAnswer? Participant,
    LeftAnswer? Left,
    ModeNewsAnswer? Mode,
    RoomNewsAnswer? Room,
    SettingsAnswer? Settings);

internal sealed record LeftAnswer(uint Number, string Identity, string Reason);

internal sealed record ModeNewsAnswer(string Mode, int Epoch, string Reason, bool Committed);

internal sealed record RoomNewsAnswer(RoomAnswer Room, bool Open);

internal sealed record LayoutAnswer(string Mode, int Epoch, string Reason);

internal sealed record SettingsAnswer(string Mode, int? MaxParticipants, string? Name);

internal sealed record RoomAnswer(string Region, string Node, int Epoch);

internal sealed record ParticipantAnswer(
    uint Number, string Identity, string Name, bool Muted, bool Deafened, bool ServerMuted, bool Away, string Quality, int SinceEpoch);
