using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Unicode;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>What a message on a socket amounts to.</summary>
/// <param name="Message">Null when it was refused.</param>
/// <param name="Type">The type it gave itself, when it had a known one.</param>
/// <param name="Enough">Too many bad ones: the socket is to be closed.</param>
internal readonly record struct Inbound(ClientMessage? Message, string? Type, VoiceError Error, bool Enough = false);

/// <summary>
/// The protocol of one socket: reads messages and says which are legal when. Knows neither sockets nor grains.
/// <code>
///            join | resume             welcome
///   Fresh ───────────────────► Asking ─────────► Joined ──── leave ────► Over
///     ▲                          │ error          │  ▲
///     └──────────────────────────┘      transfer  ▼  │ moved
///                                                Moving
/// </code>
/// While it is moving, what the client says of the layouts of the channel that it comes from is passed over: epochs of two channels
/// cannot be told apart.
/// </summary>
internal sealed class SignalingProtocol
{
    public const string Name = "hype.voice.v1";

    /// <summary>Bad messages that are answered with an error; the next one closes the socket.</summary>
    public const int BadMessagesAllowed = 9;

    private static readonly FrozenSet<string> Types =
        SignalingJsonContext.Default.ClientMessage.PolymorphismOptions!.DerivedTypes.Select(type => (string)type.TypeDiscriminator!).ToFrozenSet();

    private enum Phase
    {
        Fresh,
        Asking,
        Joined,
        Moving,
        Over,
    }

    private Phase _phase;
    private int _badMessages;

    /// <summary>A text message, complete.</summary>
    public Inbound Read(ReadOnlySpan<byte> json)
    {
        string? type = null;
        try
        {
            type = Utf8.IsValid(json) ? TypeOf(json) : null;
            if (type is null)
                return Bad(null);
            if (!Types.Contains(type))
                return new(null, null, VoiceError.UnknownType);
            var message = JsonSerializer.Deserialize(json, SignalingJsonContext.Default.ClientMessage);
            if (message is null || !message.IsSound())
                return Bad(type);
            return IsLegal(message) ? new(message, type, VoiceError.None) : new(null, type, VoiceError.OutOfOrder);
        }
        catch (JsonException)
        {
            return Bad(type is not null && Types.Contains(type) ? type : null);
        }
    }

    /// <summary>A binary message: there are none in this protocol.</summary>
    public Inbound ReadBinary() => Bad(null);

    /// <summary>The seat was asked for with a message that is being answered.</summary>
    public void Ask() => _phase = Phase.Asking;

    /// <summary>The answer was no; the client may ask again.</summary>
    public void Refuse() => _phase = Phase.Fresh;

    public void Welcome() => _phase = Phase.Joined;

    /// <summary>The session was given a seat in another channel, of which the client is just being told.</summary>
    public void Transfer() => _phase = Phase.Moving;

    /// <summary>Is this of the channel that the client has not left yet?</summary>
    public bool IsOfFormerChannel(ClientMessage message) => _phase == Phase.Moving && message is not (StateMessage or LeaveMessage or PingMessage or MovedMessage);

    /// <summary>The client has seen its new seat.</summary>
    public void Moved() => _phase = Phase.Joined;

    public void End() => _phase = Phase.Over;

    private bool IsLegal(ClientMessage message) => message switch
    {
        PingMessage => _phase != Phase.Over,
        JoinMessage or ResumeMessage => _phase == Phase.Fresh,
        MovedMessage => _phase == Phase.Moving,
        _ => _phase is Phase.Joined or Phase.Moving,
    };

    private Inbound Bad(string? type) => new(null, type, VoiceError.BadMessage, ++_badMessages > BadMessagesAllowed);

    /// <summary>The top-level <c>type</c>, wherever it stands; null when it is missing or not a string.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    private static string? TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 32 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
                type = ReadName(ref reader);
            reader.Skip();
        }

        return type;
    }

    /// <summary>Half a surrogate pair in an escape shows only when the string is decoded, and not as a <see cref="JsonException"/>.</summary>
    private static string ReadName(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("The type is not valid Unicode.", exception);
        }
    }
}
