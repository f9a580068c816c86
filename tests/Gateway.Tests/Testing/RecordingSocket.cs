using System.Text.Json;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Tests.Testing;

/// <summary>What a channel told one socket.</summary>
internal sealed class RecordingSocket : ISignalingSocket
{
    public List<ReadOnlyMemory<byte>> Frames { get; } = [];

    public CloseReason? Closing { get; private set; }

    public string[] Types => [.. Messages.Select(message => message.GetProperty("type").GetString()!)];

    public JsonElement[] Messages => [.. Frames.Select(frame => JsonDocument.Parse(frame).RootElement)];

    public void Send(ReadOnlyMemory<byte> frame) => Frames.Add(frame);

    public (ChannelId Channel, JoinResult Seat)? Transferred { get; private set; }

    public void Transfer(ChannelId channel, JoinResult seat) => Transferred = (channel, seat);

    public void Close(CloseReason reason) => Closing ??= reason;
}
