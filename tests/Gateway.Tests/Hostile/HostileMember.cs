using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Hostile;

/// <summary>
/// A member that sends random messages: valid, damaged, too large, out of order, of wrong epochs, to wrong members, and in floods. It
/// joins or resumes whenever it has lost its socket. Each choice depends on the seed only.
/// </summary>
internal sealed class HostileMember(Uri gateway, string join, MemberNumber[] victims, int seed) : IDisposable
{
    /// <summary>The messages between two pings: beyond them the member waits, so that its own reading does not end the socket.</summary>
    private const int Window = 64;

    private static readonly byte[][] Samples =
    [
        .. new[]
        {
            """{"type":"signal","to":1,"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}""",
            """{"type":"answer","epoch":2,"sdp":"v=0\r\n"}""",
            """{"type":"failed","epoch":1,"peer":3}""",
            """{"type":"quality","rttMs":23.5,"lossPercent":0.4,"jitterMs":3.1}""",
            """{"type":"state","muted":true,"deafened":false}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _errors = [];
    private VoiceClient? _client;
    private string? _resumeToken;
    private int _inWindow;

    /// <summary>The number of received errors by code.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    public int Sockets { get; private set; }

    public int Resumes { get; private set; }

    /// <summary>Sends one random message; opens a new socket first if the last one was closed.</summary>
    public async Task StepAsync()
    {
        try
        {
            _client ??= await EnterAsync();
            if (_client is null)
                return;
            await SendAsync(_client);
            if (++_inWindow < Window || _client is null)
                return;
            _inWindow = 0;
            await _client.SendAsync("""{"type":"ping","id":1}""");
            await ReadUntilAsync(_client, "pong");
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or ObjectDisposedException)
        {
            Drop();
        }
    }

    public void Dispose() => _client?.Dispose();

    private async Task<VoiceClient?> EnterAsync()
    {
        var client = await VoiceClient.ConnectAsync(gateway);
        Sockets++;
        _client = client;
        var resumes = _resumeToken is not null && _random.Next(2) == 0;
        await client.SendAsync(resumes ? $$"""{"type":"resume","channel":"hostile","resumeToken":"{{_resumeToken}}"}""" : join);
        if (await ReadUntilAsync(client, "welcome") is not { } welcome)
        {
            _resumeToken = null;
            return null;
        }

        if (resumes)
            Resumes++;
        _resumeToken = welcome.GetProperty("resumeToken").GetString();
        return client;
    }

    private async Task SendAsync(VoiceClient client)
    {
        switch (_random.Next(1_000))
        {
            case < 400:
                await client.SendAsync(Signal());
                break;
            case < 550:
                await client.SendAsync("""{"type":"sync"}""");
                break;
            case < 700:
                await client.SendAsync($$"""{"type":"state","muted":{{Flag()}},"deafened":{{Flag()}}}""");
                break;
            case < 800:
                await client.SendAsync($$"""{"type":"ready","epoch":{{Epoch()}}}""");
                break;
            case < 870:
                await client.SendAsync($$"""{"type":"failed","epoch":{{Epoch()}},"peer":{{Receiver()}}}""");
                break;
            case < 900:
                var sdp = new string('x', _random.Next(5_000));
                await client.SendAsync($$"""{"type":"answer","epoch":{{Epoch()}},"sdp":"v=0\r\n{{sdp}}"}""");
                break;
            case < 930:
                await client.SendAsync($$"""{"type":"quality","rttMs":{{_random.Next(5_000)}},"lossPercent":{{_random.Next(200)}}}""");
                break;
            case < 950:
                await client.SendAsync($$"""{"type":"{{(_random.Next(2) == 0 ? "shout" : "moved")}}","channel":"other"}""");
                break;
            case < 970:
                await client.SendAsync(join);
                break;
            case < 994:
                await client.SendAsync(Mutation.Of(Samples, _random), WebSocketMessageType.Text);
                break;
            case < 996:
                await client.SendAsync(new byte[_random.Next(100)], WebSocketMessageType.Binary);
                break;
            case < 997:
                await client.SendAsync($$"""{"type":"ping","x":"{{new string('x', 70_000)}}"}""");
                break;
            case < 998:
                await client.SendAsync("""{"type":"leave"}""");
                _resumeToken = null;
                break;
            case < 999:
                client.Abort();
                Drop();
                break;
            default:
                await client.SendAsync("""{"type":"simulate","fault":"dropSocket"}""");
                break;
        }
    }

    private string Signal()
    {
        var size = _random.Next(20) == 0 ? _random.Next(50_000) : _random.Next(300);
        var value = $$"""{"candidate":"{{new string('A', size)}}"}""";
        var kind = _random.Next(2) == 0 ? "candidate" : "description";
        return $$"""{"type":"signal","to":{{Receiver()}},"epoch":{{Epoch()}},"{{kind}}":{{value}}}""";
    }

    private string Flag() => _random.Next(2) == 0 ? "true" : "false";

    private int Epoch() => _random.Next(4) switch { 0 => _random.Next(-2, 10), 1 => int.MaxValue, _ => 1 };

    private uint Receiver() => _random.Next(3) == 0 ? (uint)_random.Next(50) : victims[_random.Next(victims.Length)].Value;

    /// <summary>Reads messages up to the next one of a type; returns null when the gateway closes the socket.</summary>
    private async Task<JsonElement?> ReadUntilAsync(VoiceClient client, string type)
    {
        while (await client.ReceiveAsync() is { } message)
        {
            var name = message.GetProperty("type").GetString();
            if (name == "error")
            {
                var code = message.GetProperty("code").GetString()!;
                _errors[code] = _errors.GetValueOrDefault(code) + 1;
                if (type == "welcome")
                    break;
            }

            if (name == type)
                return message;
        }

        Drop();
        return null;
    }

    private void Drop()
    {
        _client?.Dispose();
        (_client, _inWindow) = (null, 0);
    }
}
