using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Hype.Gateway.Auth;
using Hype.Gateway.Control.Models;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Converts between the grains' records and the messages of <c>voice_control.proto</c>.</summary>
internal static class Wire
{
    public static Proto.Channel Write(ChannelSnapshot snapshot) => new()
    {
        Id = snapshot.Channel.Value,
        Current = Write(snapshot.Current),
        Pending = snapshot.Pending is { } pending ? Write(pending) : null,
        Settings = Write(snapshot.Settings),
        CreatedAt = snapshot.CreatedAt?.ToTimestamp(),
        Participants = { snapshot.Participants.Select(Write) },
        Rooms = { snapshot.Rooms.Select(Write) },
        DominantSpeaker = snapshot.DominantSpeaker?.Value ?? 0,
        News = snapshot.News,
    };

    public static Proto.Participant Write(Participant participant) => new()
    {
        Number = participant.Number.Value,
        Identity = participant.Identity,
        Name = participant.Name,
        Grants = { WireGrants.Write(participant.Grants) },
        Muted = participant.Muted,
        Deafened = participant.Deafened,
        ServerMuted = participant.ServerMuted,
        Away = participant.Away,
        Quality = WireEnum<ConnectionQuality>.NameOf(participant.Quality),
        JoinedAt = participant.JoinedAt.ToTimestamp(),
        Attributes = { participant.Attributes },
    };

    public static Proto.ChannelSummary Write(ChannelSummary summary) => new()
    {
        Id = summary.Channel.Value,
        Mode = Write(summary.Mode),
        Epoch = summary.Epoch.Value,
        Reason = WireEnum<ModeReason>.NameOf(summary.Reason),
        Participants = (uint)summary.Participants,
    };

    public static Proto.Settings Write(ChannelSettings settings) => new()
    {
        Mode = (Proto.ModePolicy)settings.Mode,
        MaxParticipants = (uint)(settings.MaxParticipants ?? 0),
        Name = settings.Name,
        Metadata = settings.Metadata,
    };

    /// <summary>Converts settings without validation: the channel grain checks their ranges.</summary>
    public static ChannelSettings Read(Proto.Settings? settings) => settings is null ? ChannelSettings.Default : new ChannelSettings
    {
        Mode = (ModePolicy)settings.Mode,
        MaxParticipants = settings.MaxParticipants == 0 ? null : (int)Math.Min(settings.MaxParticipants, int.MaxValue),
        Name = settings.Name,
        Metadata = settings.Metadata,
    };

    public static Proto.RestrictedIdentity Write(RestrictedIdentity restricted) => new()
    {
        Identity = restricted.Identity,
        ServerMuted = restricted.Restriction.ServerMuted,
        Denied = { WireGrants.Write(restricted.Restriction.Denied) },
    };

    public static Proto.Room Write(RoomAssignment room) =>
        new() { Region = room.Region.Value, Node = room.Node.Value, Epoch = room.Epoch.Value, Layout = room.Layout.Value };

    public static Proto.Node Write(NodeStatus status) => new()
    {
        Id = status.Registration.Node.Value,
        Region = status.Registration.Region.Value,
        Version = status.Registration.Version,
        Workers = (uint)status.Registration.Workers,
        Load = status.Load.Load,
        Cpu = status.Load.Cpu,
        Endpoints = (uint)status.Load.Endpoints,
        Rooms = (uint)status.Load.Rooms,
        PacketsReceived = (ulong)status.Load.PacketsReceived,
        PacketsForwarded = (ulong)status.Load.PacketsForwarded,
        PacketsDropped = (ulong)status.Load.PacketsDropped,
        Draining = status.Load.Draining,
        LastHeartbeat = status.LastHeartbeat.ToTimestamp(),
    };

    public static Proto.ChannelExplanation Write(ChannelExplanation explanation) => new()
    {
        Channel = Write(explanation.Snapshot),
        ModeBecause = Explanations.Of(explanation.Mode, explanation.Snapshot.Current),
        Rooms =
        {
            explanation.Rooms.Select(room => new Proto.RoomExplanation
            {
                Room = Write(room.Room),
                Because = Explanations.Of(room.Reason),
                Serves = { room.Serves.Select(region => region.Value) },
                Members = { room.Members.Select(number => number.Value) },
                Draining = room.Draining,
                Slots = { room.Slots.Select(number => number.Value) },
            }),
        },
        Links =
        { explanation.Links.Select(link => new Proto.LinkExplanation { Low = link.Low.Value, High = link.High.Value, Up = link.Up }) },
        History = { explanation.History.Select(Write) },
    };

    public static IEnumerable<Proto.ChannelEvent> Write(ChannelReading reading) => reading.Snapshot is { } snapshot
        ? [new Proto.ChannelEvent { Number = reading.Newest, Snapshot = Write(snapshot) }]
        : reading.News.Select(Write);

    public static ImmutableSortedDictionary<string, string> Read(IDictionary<string, string> attributes) =>
        attributes.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static Proto.ChannelEvent Write(ChannelNews news)
    {
        var message = new Proto.ChannelEvent { Number = news.Number, At = news.At.ToTimestamp() };
        switch (news.What)
        {
            case MemberJoined joined:
                message.Joined = Write(joined.Member);
                break;
            case MemberChanged changed:
                message.Changed = Write(changed.Member);
                break;
            case MemberLeft left:
                message.Left = Write(left);
                break;
            case ModeChanged mode:
                message.Mode = new Proto.ModeChanged { Layout = Write(mode.Layout), Committed = mode.Committed };
                break;
            case RoomAppeared room:
                message.RoomAppeared = Write(room.Room);
                break;
            case RoomDisappeared room:
                message.RoomDisappeared = Write(room.Room);
                break;
            case SettingsChanged settings:
                message.Settings = Write(settings.Settings);
                break;
        }

        return message;
    }

    private static Proto.ParticipantLeft Write(MemberLeft left) =>
        new() { Number = left.Number.Value, Identity = left.Identity, Reason = WireEnum<LeaveReason>.NameOf(left.Reason) };

    private static Proto.Layout Write(Layout layout) => new()
    {
        Mode = Write(layout.Mode),
        Epoch = layout.Epoch.Value,
        Reason = WireEnum<ModeReason>.NameOf(layout.Reason),
        Since = layout.Since.ToTimestamp(),
    };

    private static Proto.Mode Write(ChannelMode mode) => mode == ChannelMode.Sfu ? Proto.Mode.Sfu : Proto.Mode.P2P;
}
