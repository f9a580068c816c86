using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>A message from a client; docs/signaling.md has an example of each type.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(JoinMessage), "join")]
[JsonDerivedType(typeof(ResumeMessage), "resume")]
[JsonDerivedType(typeof(SignalMessage), "signal")]
[JsonDerivedType(typeof(AnswerMessage), "answer")]
[JsonDerivedType(typeof(ReadyMessage), "ready")]
[JsonDerivedType(typeof(FailedMessage), "failed")]
[JsonDerivedType(typeof(StateMessage), "state")]
[JsonDerivedType(typeof(QualityMessage), "quality")]
[JsonDerivedType(typeof(MovedMessage), "moved")]
[JsonDerivedType(typeof(SyncMessage), "sync")]
[JsonDerivedType(typeof(PingMessage), "ping")]
[JsonDerivedType(typeof(LeaveMessage), "leave")]
[JsonDerivedType(typeof(SimulateMessage), "simulate")]
internal abstract record ClientMessage
{
    /// <summary>Returns true if the fields also obey the rules that their types cannot express, such as ranges.</summary>
    public virtual bool IsSound() => true;
}

/// <param name="Channel">The channel's id.</param>
/// <param name="Token">The client's token.</param>
/// <param name="Muted">The client joins with its microphone muted.</param>
/// <param name="Deafened">The client joins deafened, which mutes it too.</param>
/// <param name="Rtt">Round-trip milliseconds to the regions, by name; at most 32 of them.</param>
internal sealed record JoinMessage(
    string Channel, string Token, bool Muted = false, bool Deafened = false, Dictionary<string, double>? Rtt = null) : ClientMessage
{
    public override bool IsSound() =>
        Rtt is null
            || (Rtt.Count <= 32 && Rtt.All(region => region.Key is { Length: >= 1 and <= 64 } && region.Value is >= 0 and <= 60_000));
}

/// <param name="Moves">
/// The number of moves of the session's endpoint: `candidate` messages of new moves, and restarts. A gateway that did not send them
/// must give the next ones a higher priority.
/// </param>
/// <param name="Token">
/// The client's newest token, so that this gateway can continue to renew it. An invalid one does not refuse the resume.
/// </param>
internal sealed record ResumeMessage(string Channel, string ResumeToken, int Moves = 0, string? Token = null) : ClientMessage
{
    public override bool IsSound() => Moves is >= 0 and <= 1_000_000;
}

/// <summary>
/// An SDP description or an ICE candidate for another member; exactly one of the two is set. Both pass unchanged from browser to browser.
/// A candidate of null marks the end of candidates and differs from an absent candidate.
/// </summary>
internal sealed record SignalMessage(
    MemberNumber To, LayoutEpoch Epoch, JsonElement Description = default, JsonElement Candidate = default)
    : ClientMessage
{
    /// <summary>The largest description in bytes. That of one audio stream has 2–4 KB, and 10 KB with all its candidates.</summary>
    public const int MaxDescriptionBytes = 32_768;

    /// <summary>The largest candidate in bytes; usual ones have 100–300.</summary>
    public const int MaxCandidateBytes = 4_096;

    /// <summary>Returns the bytes of the description or candidate.</summary>
    public int Size() => SizeOf(Description) + SizeOf(Candidate);

    /// <summary>Returns true if the description or candidate is larger than allowed.</summary>
    public bool IsTooLarge() => SizeOf(Description) > MaxDescriptionBytes || SizeOf(Candidate) > MaxCandidateBytes;

    public override bool IsSound() => (Description.ValueKind, Candidate.ValueKind) is
        (JsonValueKind.Object, JsonValueKind.Undefined) or
        (JsonValueKind.Undefined, JsonValueKind.Object or JsonValueKind.Null);

    /// <summary>Returns the signal as JSON text, which the grains pass on unread.</summary>
    public string Payload() => Description.ValueKind == JsonValueKind.Object
        ? $$"""{"description":{{Description.GetRawText()}}}"""
        : $$"""{"candidate":{{Candidate.GetRawText()}}}""";

    private static int SizeOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(element).Length;
}

internal sealed record AnswerMessage(LayoutEpoch Epoch, string Sdp) : ClientMessage;

internal sealed record ReadyMessage(LayoutEpoch Epoch) : ClientMessage;

internal sealed record FailedMessage(LayoutEpoch Epoch, MemberNumber? Peer = null) : ClientMessage;

internal sealed record StateMessage(bool Muted, bool Deafened) : ClientMessage;

/// <param name="RttMs">Round trip of the client's media; 0: unknown.</param>
/// <param name="LossPercent">Packets lost on the way to the client.</param>
/// <param name="JitterMs">Highest interarrival jitter.</param>
/// <param name="FirstAudioMs">The time from the join to the first audio of another participant; reported once.</param>
/// <param name="SwitchGapMs">The speech that was skipped or played twice at a change of transport; reported after it.</param>
internal sealed record QualityMessage(
    double RttMs = 0, double LossPercent = 0, double JitterMs = 0, double? FirstAudioMs = null, double? SwitchGapMs = null) : ClientMessage
{
    /// <summary>The longest round-trip time, jitter or gap in milliseconds that counts as plausible: ten minutes.</summary>
    private const double Longest = 600_000;

    public override bool IsSound() =>
        RttMs is >= 0 and <= Longest && LossPercent is >= 0 and <= 100 && JitterMs is >= 0 and <= Longest
        && FirstAudioMs is null or (>= 0 and <= 86_400_000) && SwitchGapMs is null or (>= 0 and <= Longest);
}

/// <summary>
/// Confirms that the client uses the seat of its newest <c>welcome</c>: the epochs in its later messages belong to that channel.
/// </summary>
internal sealed record MovedMessage(string Channel) : ClientMessage;

internal sealed record SyncMessage : ClientMessage;

internal sealed record PingMessage(long? Id = null) : ClientMessage;

internal sealed record LeaveMessage : ClientMessage;

internal sealed record SimulateMessage(Fault Fault) : ClientMessage;

/// <summary>The faults that the author of an SDK can request in Development, to test the SDK.</summary>
internal enum Fault
{
    DropSocket,
    SwitchMode,
    MoveRoom,
}
