using System.Text.Json;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>
/// The JSON serializer of the signaling protocol, generated at build time. A required field that is missing, null or repeated is an
/// error. Unknown fields are ignored, so that newer clients can use older gateways.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    MaxDepth = 32,
    Converters =
    [
        typeof(WireEnum<ChannelMode>),
        typeof(WireEnum<ModePolicy>),
        typeof(WireEnum<ModeReason>),
        typeof(WireEnum<ConnectionQuality>),
        typeof(WireEnum<LeaveReason>),
        typeof(WireEnum<SocketCloseReason>),
        typeof(WireEnum<Fault>),
    ])]
[JsonSerializable(typeof(ClientMessage))]
[JsonSerializable(typeof(ServerMessage))]
internal sealed partial class SignalingJsonContext : JsonSerializerContext
{
    /// <summary>Serializes a message to one frame. An event is serialized once, however many sockets receive it.</summary>
    public static ReadOnlyMemory<byte> Frame(ServerMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.ServerMessage);
}
