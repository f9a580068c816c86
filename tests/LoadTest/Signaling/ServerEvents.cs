using System.Text.Json;

namespace Hype.LoadTest.Signaling;

/// <summary>A layout of the channel, as the server's messages describe it: mode and layout epoch.</summary>
/// <param name="IsSfu">True: the members are connected through media nodes; false: they form a mesh.</param>
internal readonly record struct WireLayout(bool IsSfu, int Epoch)
{
    public static WireLayout Read(JsonElement layout) =>
        new(layout.GetProperty("mode").GetString() == "sfu", layout.GetProperty("epoch").GetInt32());
}

/// <summary>The parts of <c>welcome</c> that a simulated participant needs.</summary>
/// <param name="Slots">The maximum number of streams that a media node forwards to each receiver.</param>
/// <param name="Gateways">Further gateways that can resume this session: WebSocket URLs.</param>
internal sealed record Welcome(
    uint Number, string ResumeToken, TimeSpan ResumeWindow, bool Resumed, TimeSpan PingInterval, int Slots, WireLayout Layout,
        WireLayout? Pending, IReadOnlyList<uint> Members,
    IReadOnlyList<Uri> Gateways)
{
    public static Welcome Read(JsonElement message) => new(
        message.GetProperty("number").GetUInt32(),
        message.GetProperty("resumeToken").GetString()!,
        TimeSpan.FromMilliseconds(message.GetProperty("resumeWindowMs").GetInt64()),
        message.GetProperty("resumed").GetBoolean(),
        TimeSpan.FromMilliseconds(message.GetProperty("limits").GetProperty("pingIntervalMs").GetInt64()),
        message.GetProperty("settings").GetProperty("slots").GetInt32(),
        WireLayout.Read(message.GetProperty("layout")),
        message.TryGetProperty("pending", out var pending) ? WireLayout.Read(pending) : null,
        ReadNumbers(message.GetProperty("participants")),
        [.. message.GetProperty("gateways").EnumerateArray().Select(url => new Uri(url.GetString()!))]);

    /// <summary>Returns the <c>number</c> of each entry of a roster.</summary>
    public static uint[] ReadNumbers(JsonElement lines) =>
        [.. lines.EnumerateArray().Select(line => line.GetProperty("number").GetUInt32())];
}
