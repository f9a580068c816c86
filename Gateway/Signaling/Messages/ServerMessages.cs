using System.Text.Json;
using System.Text.Json.Serialization;
using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>A message from a gateway; docs/signaling.md has an example of each type.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WelcomeMessage), "welcome")]
[JsonDerivedType(typeof(RosterMessage), "roster")]
[JsonDerivedType(typeof(RosterDiffMessage), "rosterDiff")]
[JsonDerivedType(typeof(ModeMessage), "mode")]
[JsonDerivedType(typeof(OfferMessage), "offer")]
[JsonDerivedType(typeof(CandidateMessage), "candidate")]
[JsonDerivedType(typeof(CommitMessage), "commit")]
[JsonDerivedType(typeof(SignalledMessage), "signal")]
[JsonDerivedType(typeof(SpeakersMessage), "speakers")]
[JsonDerivedType(typeof(ModeratedMessage), "moderated")]
[JsonDerivedType(typeof(GrantsMessage), "grants")]
[JsonDerivedType(typeof(TokenMessage), "token")]
[JsonDerivedType(typeof(IceServersMessage), "iceServers")]
[JsonDerivedType(typeof(ErrorMessage), "error")]
[JsonDerivedType(typeof(ByeMessage), "bye")]
[JsonDerivedType(typeof(PongMessage), "pong")]
internal abstract record ServerMessage;

internal sealed record WelcomeMessage : ServerMessage
{
    public required string Channel { get; init; }

    public required MemberNumber Number { get; init; }

    public required string Identity { get; init; }

    public required string Name { get; init; }

    public required string ResumeToken { get; init; }

    public required long ResumeWindowMs { get; init; }

    public required bool Resumed { get; init; }

    public required IceServer[] IceServers { get; init; }

    /// <summary>WebSocket URLs of other gateways that can resume this session after this one has stopped.</summary>
    public required string[] Gateways { get; init; }

    public required WelcomeLimits Limits { get; init; }

    public required WelcomeSettings Settings { get; init; }

    /// <summary>The layout that members use now.</summary>
    public required WireLayout Layout { get; init; }

    /// <summary>The layout that members prepare during a switch.</summary>
    public WireLayout? Pending { get; init; }

    public MemberNumber? Dominant { get; init; }

    /// <summary>The session's grants: any of join, speak, listen, moderate.</summary>
    public required string[] Grants { get; init; }

    public required long Seq { get; init; }

    public required WireParticipant[] Participants { get; init; }
}

internal sealed record IceServer(string[] Urls, string? Username = null, string? Credential = null);

internal sealed record WelcomeLimits(int MaxMessageBytes, long PingIntervalMs, int MaxParticipants);

/// <param name="Mode">The mode that the settings ask for.</param>
/// <param name="P2pThreshold">The largest number of members in a mesh.</param>
/// <param name="Slots">The number of streams that a forwarded member receives.</param>
/// <param name="Name">The channel's display name; left out when it has none.</param>
/// <param name="Metadata">The application's metadata; left out when there is none.</param>
internal sealed record WelcomeSettings(ModePolicy Mode, int P2pThreshold, int Slots, string? Name = null, string? Metadata = null);

internal sealed record WireLayout(ChannelMode Mode, LayoutEpoch Epoch, ModeReason Reason)
{
    public static WireLayout From(Layout layout) => new(layout.Mode, layout.Epoch, layout.Reason);
}

/// <summary>A participant as the others see it, without the session id, which is a secret of the cluster.</summary>
internal sealed record WireParticipant(
    MemberNumber Number,
    string Identity,
    string Name,
    bool Muted,
    bool Deafened,
    bool ServerMuted,
    bool Away,
    ConnectionQuality Quality,
    LayoutEpoch SinceEpoch,
    IReadOnlyDictionary<string, string>? Attributes = null)
{
    public static WireParticipant From(Participant participant) => new(
        participant.Number,
        participant.Identity,
        participant.Name,
        participant.Muted,
        participant.Deafened,
        participant.ServerMuted,
        participant.Away,
        participant.Quality,
        participant.SinceEpoch,
        participant.Attributes.IsEmpty ? null : participant.Attributes);
}

internal sealed record WireLeft(MemberNumber Number, LeaveReason Reason);

internal sealed record RosterMessage(long Seq, WireParticipant[] Participants) : ServerMessage;

internal sealed record RosterDiffMessage(long Seq, WireParticipant[] Joined, WireParticipant[] Changed, WireLeft[] Left) : ServerMessage
{
    public static RosterDiffMessage From(RosterChanged change) => new(
        change.Version,
        [.. change.Joined.Select(WireParticipant.From)],
        [.. change.Changed.Select(WireParticipant.From)],
        [.. change.Left.Select(left => new WireLeft(left.Number, left.Reason))]);
}

internal sealed record ModeMessage(ChannelMode Mode, LayoutEpoch Epoch, ModeReason Reason) : ServerMessage;

/// <param name="Epoch">The layout that the offer belongs to.</param>
/// <param name="Sdp">The offer.</param>
/// <param name="Restart">An ICE restart of the transport that the client has in this epoch; left out when it is false.</param>
/// <param name="Region">The media node's region.</param>
internal sealed record OfferMessage(
    LayoutEpoch Epoch,
    string Sdp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Restart = false,
    string? Region = null) : ServerMessage;

/// <param name="Epoch">The layout that the endpoint belongs to.</param>
/// <param name="Candidate">An address of the endpoint's new node.</param>
/// <param name="Region">The region of the new node.</param>
internal sealed record CandidateMessage(LayoutEpoch Epoch, WireCandidate Candidate, string? Region = null) : ServerMessage;

/// <summary>An ICE candidate with the fields of a browser's <c>RTCIceCandidateInit</c>.</summary>
internal sealed record WireCandidate(
    string Candidate,
    string SdpMid,
    [property: JsonPropertyName("sdpMLineIndex")] int SdpMLineIndex,
    string UsernameFragment);

internal sealed record CommitMessage(LayoutEpoch Epoch, ChannelMode Mode, ModeReason Reason) : ServerMessage;

/// <summary>An SDP description or an ICE candidate that another member sent; a candidate may be JSON's null.</summary>
internal sealed record SignalledMessage(
    MemberNumber From, LayoutEpoch Epoch, JsonElement? Description = null, JsonElement? Candidate = null)
    : ServerMessage
{
    public static ReadOnlyMemory<byte> Frame(PeerSignal signal)
    {
        using var payload = JsonDocument.Parse(signal.Payload);
        return SignalingJsonContext.Frame(new SignalledMessage(
            signal.From,
            signal.Epoch,
            payload.RootElement.TryGetProperty("description", out var description) ? description : null,
            payload.RootElement.TryGetProperty("candidate", out var candidate) ? candidate : null));
    }
}

internal sealed record SpeakersMessage([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] MemberNumber? Dominant)
    : ServerMessage;

internal sealed record ModeratedMessage(bool ServerMuted) : ServerMessage;

internal sealed record GrantsMessage(string[] Grants) : ServerMessage
{
    public static GrantsMessage From(Grants grants) => new(WireGrants.Write(grants));
}

/// <summary>The client's next token, sent before its current one expires.</summary>
internal sealed record TokenMessage(string Token, long ExpiresInMs) : ServerMessage;

/// <summary>All ICE servers again, with credentials that expire later than the previous ones.</summary>
internal sealed record IceServersMessage(IceServer[] IceServers) : ServerMessage;

/// <param name="Code">The error's wire name.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Retryable">The same message may succeed later.</param>
/// <param name="InReplyTo">The type of the refused message.</param>
/// <param name="RetryAfterMs">The time until the client may try again, when it is known.</param>
internal sealed record ErrorMessage(string Code, string Message, bool Retryable, string? InReplyTo = null, long? RetryAfterMs = null)
    : ServerMessage
{
    /// <summary>
    /// The suggested wait when a peer's mailbox is full: it empties within seconds, when its socket returns or its session ends.
    /// </summary>
    private const long TooManyRequestsDelayMs = 1_000;

    /// <param name="error">The error.</param>
    /// <param name="inReplyTo">The type of the refused message.</param>
    /// <param name="detail">The exact flaw, when the sentence of the error does not say it.</param>
    /// <param name="retryAfter">The time that a rate limit asks for.</param>
    public static ErrorMessage From(VoiceError error, string? inReplyTo, string? detail = null, TimeSpan? retryAfter = null)
    {
        var description = VoiceErrors.Describe(error);
        var sentence = detail is null ? description.Sentence : $"{description.Sentence} ({detail})";
        long? wait = error == VoiceError.TooManyRequests ? (long?)retryAfter?.TotalMilliseconds ?? TooManyRequestsDelayMs : null;
        return new(description.Name, sentence, description.Retryable, inReplyTo, wait);
    }
}

internal sealed record ByeMessage(SocketCloseReason Reason, bool Reconnect, string Message) : ServerMessage;

internal sealed record PongMessage(long? Id) : ServerMessage;
