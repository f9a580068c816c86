using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Unicode;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>A message that was read, or the error with which it was refused.</summary>
/// <param name="Message">Null when the message is refused.</param>
/// <param name="Type">The message's type, when it is a known one.</param>
/// <param name="Error">The reason for the refusal.</param>
/// <param name="TooMany">The socket has sent too many bad messages and must close.</param>
internal readonly record struct Inbound(ClientMessage? Message, string? Type, VoiceError Error, bool TooMany = false);

/// <summary>
/// The protocol of one socket: reads messages and decides which are legal in which phase. It uses neither sockets nor grains.
/// <code>
///            join | resume             welcome
///   Fresh ───────────────────► Asking ─────────► Joined ──── leave ────► Over
///     ▲                          │ error          │  ▲
///     └──────────────────────────┘      transfer  ▼  │ moved
///                                                Moving
/// </code>
/// While a client is moving, its messages about layouts of the former channel are ignored: epochs of two channels cannot be
/// distinguished.
/// </summary>
internal sealed class SignalingProtocol
{
    public const string Name = "hype.voice.v1";

    /// <summary>The number of bad messages that are answered with an error; the next one closes the socket.</summary>
    public const int BadMessagesAllowed = 9;

    private static readonly FrozenSet<string> Types =
        SignalingJsonContext.Default.ClientMessage.PolymorphismOptions!.DerivedTypes
            .Select(type => (string)type.TypeDiscriminator!)
            .ToFrozenSet();

    private Phase _phase;
    private int _badMessages;

    /// <summary>Reads a complete text message, and checks that it is legal in the current phase.</summary>
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

    /// <summary>Refuses a binary message: the protocol has none.</summary>
    public Inbound ReadBinary() => Bad(null);

    /// <summary>Enters the phase <c>Asking</c>: the client has asked for a seat.</summary>
    public void Ask() => _phase = Phase.Asking;

    /// <summary>Returns to the phase <c>Fresh</c>: the join or resume was refused, and the client may ask again.</summary>
    public void Refuse() => _phase = Phase.Fresh;

    public void Welcome() => _phase = Phase.Joined;

    /// <summary>
    /// Enters the phase <c>Moving</c>: the session now has a seat in another channel, and the gateway notifies the client.
    /// </summary>
    public void Transfer() => _phase = Phase.Moving;

    /// <summary>Returns true if a moving client's message may still concern the channel that it was moved from.</summary>
    public bool IsOfFormerChannel(ClientMessage message) =>
        _phase == Phase.Moving && message is not (StateMessage or LeaveMessage or PingMessage or MovedMessage);

    /// <summary>Returns to the phase <c>Joined</c>: the client has confirmed that it uses the new seat.</summary>
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

    /// <summary>Returns the value of the top-level field <c>type</c>, at any position; null when it is missing or not a string.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
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

    /// <summary>
    /// Decodes a JSON string. The reader accepts an escaped lone surrogate until this call, and then throws an
    /// <see cref="InvalidOperationException"/>: it becomes a <see cref="JsonException"/> here.
    /// </summary>
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

    private enum Phase
    {
        Fresh,
        Asking,
        Joined,
        Moving,
        Over,
    }
}
