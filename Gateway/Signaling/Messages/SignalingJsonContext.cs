using System.Text.Json;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>
/// The protocol's JSON, generated at build time. A field that is missing, null or given twice where it must not be is an
/// error; unknown fields are ignored, so that newer clients can talk to older gateways.
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
        typeof(WireEnum<CloseReason>),
        typeof(WireEnum<Fault>),
    ])]
[JsonSerializable(typeof(ClientMessage))]
[JsonSerializable(typeof(ServerMessage))]
internal sealed partial class SignalingJsonContext : JsonSerializerContext
{
    /// <summary>One frame of the protocol. Made once per event, however many sockets it goes to.</summary>
    public static ReadOnlyMemory<byte> Frame(ServerMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.ServerMessage);
}
