using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels;

/// <summary>
/// Describes a channel for clients (snapshot), for operators (explanation) and for storage (checkpoint), and restores it from a
/// checkpoint.
/// </summary>
internal sealed class ChannelSnapshots(
    ChannelId channel,
    long incarnation,
    Roster roster,
    LayoutTransition transition,
    ChannelLayouts layouts,
    RoomLinks links,
    SpeakerPublisher speakers,
    EffectList effects)
{
    public ChannelSummary Summary => new(channel, layouts.Current.Mode, layouts.Current.Epoch, layouts.Current.Reason, roster.Count);

    public ChannelSnapshot Snapshot(ChannelSettings settings) => new()
    {
        Channel = channel,
        Incarnation = incarnation,
        RosterVersion = roster.Version,
        Current = layouts.Current,
        Pending = layouts.Pending,
        Settings = settings,
        Participants = [.. roster.Members.Select(member => member.Participant)],
        Rooms = layouts.Rooms,
        DominantSpeaker = speakers.Dominant,
    };

    /// <summary>
    /// Returns the reasons for the mode, the rooms and the links. The content of the slots is missing: the grain reads it from the media
    /// nodes.
    /// </summary>
    public ChannelExplanation Explain(ChannelSettings settings) => new()
    {
        Snapshot = Snapshot(settings),
        Mode = layouts.Explain(settings.Mode),
        Rooms = [.. transition.Announced.SelectMany(layout => layout.Rooms.Select(room => Explain(layout, room)))],
        Links = [.. links.Explain()],
    };

    public ChannelCheckpoint Checkpoint(ChannelSettings settings) => new()
    {
        Incarnation = incarnation,
        EpochLimit = new(transition.LastEpoch.Value + ChannelCheckpoint.EpochReserve),
        NumberLimit = new(roster.LastNumber.Value + ChannelCheckpoint.NumberReserve),
        RosterVersion = roster.Version,
        Layout = layouts.Current,
        Pending = layouts.Pending,
        Rooms = layouts.Rooms,
        Members = [.. roster.Members],
        Settings = settings,
    };

    /// <summary>
    /// Restores the layouts of a channel with members. Media continues at the nodes while the channel asks them which endpoints its rooms
    /// hold. All members count as away until a gateway attaches their sessions or their clients resume.
    /// </summary>
    public void Restore(ChannelCheckpoint checkpoint, DateTimeOffset now)
    {
        if (checkpoint.Members.IsEmpty)
            return;
        var pending = checkpoint.Pending is { } layout ? Restore(layout, checkpoint) : null;
        transition.Restore(Restore(checkpoint.Layout, checkpoint), pending, now);
    }

    private static RoomExplanation Explain(ActiveLayout layout, ActiveRoom room) => new(
        new RoomAssignment(room.Room.Region, room.Node, room.Epoch, layout.Epoch),
        [.. room.Regions],
        [.. layout.Endpoints.Where(endpoint => endpoint.Value.Room == room).Select(endpoint => endpoint.Key).Order()],
        room.Draining,
        [],
        PlacementReason.Unknown);

    private ActiveLayout Restore(Layout layout, ChannelCheckpoint checkpoint)
    {
        var restored = new ActiveLayout(layout);
        foreach (var room in checkpoint.Rooms.Where(room => room.Layout == layout.Epoch))
        {
            restored.RestoreRoom(room);
            effects.Add(new VerifyRoom(new Room(room.Node, room.Region, room.Epoch)));
        }

        if (restored.Rooms.Count == 0)
            return restored;
        restored.ServeRegions(roster.Regions);
        foreach (var member in roster.Members.Where(member => member.Participant.SinceEpoch <= layout.Epoch))
            restored.Endpoints.Add(member.Number, MemberEndpoint.Restored(layout.Epoch, member.Number));
        return restored;
    }
}
