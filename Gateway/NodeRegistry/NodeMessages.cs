using System.Diagnostics.CodeAnalysis;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Reads and checks the messages of media nodes (node_registry.proto). Each field is checked, because even a node with the join secret
/// may be faulty.
/// </summary>
internal static class NodeMessages
{
    private const int MaxName = 64;
    private const int MaxUrl = 256;
    private const int MaxWorkers = 1_024;
    private const int MaxRooms = 32_768;
    private const int MaxEvents = 4_096;
    private const int MaxSlots = 32;
    private const int MaxSealed = 2_048;
    private const int MaxUfrag = 256;
    private const ulong MaxAckedForMs = 10UL * 365 * 24 * 3600 * 1000;
    private const string AckedForRange = "acked_for_ms must be at most ten years";

    /// <summary>The length of a SHA-256 fingerprint in upper-case hex with colons (RFC 8122 §5).</summary>
    private const int FingerprintLength = 32 * 3 - 1;

    /// <summary>Reads a registration; returns false and a sentence about the flaw, for the node's log.</summary>
    public static bool TryRead(
        Proto.Register register, [NotNullWhen(true)] out NodeRegistration? registration, [NotNullWhen(false)] out string? flaw)
    {
        registration = null;
        flaw = !IsName(register.NodeId) ? "node_id must have 1-64 of A-Z a-z 0-9 . _ -"
            : !IsName(register.Region) ? "region must have 1-64 of A-Z a-z 0-9 . _ -"
            : !Guid.TryParse(register.Incarnation, out var incarnation) || incarnation == Guid.Empty ? "incarnation must be a GUID"
            : register.ControlUrl.Length > MaxUrl
                || !Uri.TryCreate(register.ControlUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
                ? "control_url must be an absolute http or https URL of at most 256 characters"
            : register.Version.Length > MaxName ? "version must have at most 64 characters"
            : register.Workers is < 1 or > MaxWorkers ? "workers must be 1-1024"
            : register.AckedForMs > MaxAckedForMs ? AckedForRange
            : !IsToken(register.ControlToken) ? "control_token must have 32-256 printable characters without spaces"
            : null;
        if (flaw is not null)
            return false;
        registration = new NodeRegistration
        {
            Node = new MediaNodeId(register.NodeId),
            Region = new RegionId(register.Region),
            Incarnation = Guid.Parse(register.Incarnation),
            ControlUrl = register.ControlUrl,
            Version = register.Version,
            Workers = (int)register.Workers,
            ControlToken = register.ControlToken,
            AckedFor = TimeSpan.FromMilliseconds(register.AckedForMs),
        };
        return true;
    }

    /// <summary>Reads the list of rooms in a registration; returns false and the flaw if a room is invalid.</summary>
    public static bool TryRead(
        IReadOnlyList<Proto.HeldRoom> messages, [NotNullWhen(true)] out HeldRoom[]? rooms, [NotNullWhen(false)] out string? flaw)
    {
        rooms = null;
        flaw = messages.Count > MaxRooms ? "rooms must be at most 32768" : null;
        if (flaw is not null)
            return false;
        var read = new HeldRoom[messages.Count];
        for (var i = 0; i < read.Length; i++)
        {
            if (!ChannelId.TryParse(messages[i].Channel, out var channel) || !IsEpoch(messages[i].Epoch))
            {
                flaw = $"rooms[{i}] must have a channel id and an epoch";
                return false;
            }

            read[i] = new HeldRoom(channel, new RoomEpoch((int)messages[i].Epoch));
        }

        rooms = read;
        return true;
    }

    public static bool TryRead(Proto.Heartbeat heartbeat, out NodeLoad? load, out TimeSpan ackedFor, [NotNullWhen(false)] out string? flaw)
    {
        ackedFor = default;
        if (!TryRead(heartbeat.Load, out load, out flaw))
            return false;
        flaw = heartbeat.AckedForMs > MaxAckedForMs ? AckedForRange : null;
        if (flaw is null)
            ackedFor = TimeSpan.FromMilliseconds(heartbeat.AckedForMs);
        return flaw is null;
    }

    private static bool TryRead(Proto.Load? message, out NodeLoad? load, [NotNullWhen(false)] out string? flaw)
    {
        (load, flaw) = (null, null);
        if (message is null)
            return true;
        flaw = message.Load_ is not (>= 0 and <= 1) ? "load must be 0-1"
            : message.Cpu is not (>= 0 and <= 1) ? "cpu must be 0-1"
            : message.Endpoints > int.MaxValue || message.Rooms > int.MaxValue ? "endpoints and rooms must fit 31 bits"
            : message.PacketsReceived > long.MaxValue || message.PacketsForwarded > long.MaxValue || message.PacketsDropped > long.MaxValue
                ? "packet counts must fit 63 bits"
                : null;
        if (flaw is not null)
            return false;
        load = new NodeLoad
        {
            Load = message.Load_,
            Cpu = message.Cpu,
            Endpoints = (int)message.Endpoints,
            Rooms = (int)message.Rooms,
            PacketsReceived = (long)message.PacketsReceived,
            PacketsForwarded = (long)message.PacketsForwarded,
            PacketsDropped = (long)message.PacketsDropped,
            Draining = message.Draining,
        };
        return true;
    }

    public static bool TryRead(
        Proto.RoomEvents message, [NotNullWhen(true)] out RoomEvent[]? events, [NotNullWhen(false)] out string? flaw)
    {
        events = null;
        flaw = message.Events.Count > MaxEvents ? "events must be at most 4096" : null;
        if (flaw is not null)
            return false;
        var read = new RoomEvent[message.Events.Count];
        for (var i = 0; i < read.Length; i++)
        {
            if (Read(message.Events[i]) is not { } roomEvent)
            {
                flaw = $"events[{i}] must have a channel id, an epoch, and a body with a participant number and values in their ranges";
                return false;
            }

            read[i] = roomEvent;
        }

        events = read;
        return true;
    }

    private static RoomEvent? Read(Proto.RoomEvent message)
    {
        if (!ChannelId.TryParse(message.Channel, out var channel) || !IsEpoch(message.Epoch))
            return null;
        var epoch = new RoomEpoch((int)message.Epoch);
        return message.BodyCase switch
        {
            Proto.RoomEvent.BodyOneofCase.Connected when message.Connected.Number > 0 =>
                new EndpointConnected(new(message.Connected.Number)) { Channel = channel, Epoch = epoch },
            Proto.RoomEvent.BodyOneofCase.Closed when message.Closed.Number > 0 && Read(message.Closed.Reason) is { } reason =>
                new EndpointClosed(new(message.Closed.Number), reason) { Channel = channel, Epoch = epoch },
            Proto.RoomEvent.BodyOneofCase.DominantSpeaker =>
                new DominantSpeakerChanged(message.DominantSpeaker.Number is var number and > 0 ? new MemberNumber(number) : null)
                {
                    Channel = channel,
                    Epoch = epoch,
                },
            Proto.RoomEvent.BodyOneofCase.Quality
                when message.Quality is
                {
                    Number: > 0,
                    LossPercent: >= 0 and <= 100,
                    JitterMs: >= 0 and < double.PositiveInfinity,
                    RoundTripMs: >= 0 and < double.PositiveInfinity,
                } quality =>
                new EndpointQuality(new(quality.Number), quality.LossPercent, quality.JitterMs, quality.RoundTripMs)
                {
                    Channel = channel,
                    Epoch = epoch,
                },
            Proto.RoomEvent.BodyOneofCase.Ticket when message.Ticket.Number > 0 && Read(message.Ticket) is { } ticket =>
                new EndpointTicketed(new(message.Ticket.Number), ticket) { Channel = channel, Epoch = epoch },
            Proto.RoomEvent.BodyOneofCase.Flooding when message.Flooding.Number > 0 =>
                new EndpointFlooding(new(message.Flooding.Number)) { Channel = channel, Epoch = epoch },
            Proto.RoomEvent.BodyOneofCase.LinkLost when message.LinkLost.Link.Length is >= 1 and <= MaxName =>
                new LinkLost(message.LinkLost.Link) { Channel = channel, Epoch = epoch },
            _ => null,
        };
    }

    private static TransportTicket? Read(Proto.Ticket ticket) =>
        IsUfrag(ticket.IceUfrag)
        && ticket.SlotSsrcs.Count is >= 1 and <= MaxSlots
        && IsFingerprint(ticket.Fingerprint)
        && ticket.Version is >= 1 and <= long.MaxValue
        && ticket.Sealed.Length is >= 1 and <= MaxSealed
            ? new TransportTicket(
                ticket.IceUfrag,
                [.. ticket.SlotSsrcs.Select(ssrc => new Ssrc(ssrc))],
                ticket.Fingerprint,
                (long)ticket.Version,
                ticket.Sealed.ToByteArray())
            : null;

    private static EndpointCloseReason? Read(Proto.CloseReason reason) => reason switch
    {
        Proto.CloseReason.ConsentExpired => EndpointCloseReason.ConsentExpired,
        Proto.CloseReason.DtlsFailed => EndpointCloseReason.DtlsFailed,
        Proto.CloseReason.FingerprintMismatch => EndpointCloseReason.FingerprintMismatch,
        Proto.CloseReason.PeerClosed => EndpointCloseReason.PeerClosed,
        Proto.CloseReason.NeverConnected => EndpointCloseReason.NeverConnected,
        Proto.CloseReason.Failed => EndpointCloseReason.Failed,
        _ => null,
    };

    private static bool IsEpoch(uint epoch) => epoch is >= 1 and <= int.MaxValue;

    /// <summary>Checks a control token, which travels in a header of each node order.</summary>
    private static bool IsToken(string text) => text.Length is >= 32 and <= 256 && text.All(c => c is > ' ' and < '\x7f');

    /// <summary>Checks an ICE username fragment (RFC 8839 §5.4).</summary>
    private static bool IsUfrag(string text) =>
        text.Length is >= 4 and <= MaxUfrag && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');

    private static bool IsFingerprint(string text) =>
        text.Length == FingerprintLength
            && text.Select((c, i) => i % 3 == 2 ? c == ':' : char.IsAsciiDigit(c) || c is >= 'A' and <= 'F').All(fits => fits);

    private static bool IsName(string text) => MediaNodeId.IsName(text);
}
