using System.Text.Json;
using System.Threading.Channels;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A socket for tests that records the messages and calls that it receives.</summary>
internal sealed class RecordingSocket : ISignalingSocket
{
    private readonly Channel<string> _received = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public List<ReadOnlyMemory<byte>> Frames { get; } = [];

    public SocketCloseReason? Closing { get; private set; }

    public string[] Types => [.. Messages.Select(message => message.GetProperty("type").GetString()!)];

    public JsonElement[] Messages => [.. Frames.Select(frame => JsonDocument.Parse(frame).RootElement)];

    public void Send(ReadOnlyMemory<byte> frame)
    {
        Frames.Add(frame);
        _received.Writer.TryWrite(Messages[^1].GetProperty("type").GetString()!);
    }

    /// <summary>Waits for a message of a type; earlier messages of other types are skipped.</summary>
    public async Task ReceivedAsync(string type)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _received.Reader.ReadAsync(timeout.Token) != type)
        {
        }
    }

    public (ChannelId Channel, JoinResult Seat)? Transferred { get; private set; }

    public void Transfer(ChannelId channel, JoinResult seat) => Transferred = (channel, seat);

    public void Close(SocketCloseReason reason) => Closing ??= reason;
}
