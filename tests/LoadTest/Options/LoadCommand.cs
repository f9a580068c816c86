using System.CommandLine;
using System.CommandLine.Parsing;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Options;

/// <summary>The command line: its words, their defaults and ranges, and what they make together.</summary>
internal sealed class LoadCommand
{
    private readonly Option<string> _target = new("--target") { Description = "What is loaded: " + string.Join(", ", VoiceTargets.Names), DefaultValueFactory = _ => "hype" };
    private readonly Option<string> _url = new("--url") { Description = "Where it is: the gateway's address", DefaultValueFactory = _ => "http://localhost:8080" };
    private readonly Option<int> _channels = new("--channels") { Description = "Channels", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _participants = new("--participants") { Description = "Participants in each channel", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _speakers = new("--speakers") { Description = "How many of a channel's participants speak", DefaultValueFactory = _ => 3 };
    private readonly Option<TalkPattern> _talk = new("--talk") { Description = "all: all the time; turns: as in conversation", DefaultValueFactory = _ => TalkPattern.All };
    private readonly Option<bool> _deafSpeakers = new("--deaf-speakers") { Description = "Speakers hear nobody: forwarded copies are speakers × listeners" };
    private readonly Option<double> _joinRate = new("--join-rate") { Description = "Joins per second, all channels together", DefaultValueFactory = _ => 20 };
    private readonly Option<TimeSpan> _duration = new("--duration") { Description = "From the last join on: 30s, 5m, 1h", CustomParser = DurationText.Parse, DefaultValueFactory = _ => TimeSpan.FromSeconds(30) };
    private readonly Option<ChannelPolicy> _mode = new("--mode") { Description = "sfu, p2p, or auto: as the server chooses", DefaultValueFactory = _ => ChannelPolicy.Sfu };
    private readonly Option<double> _churn = new("--churn") { Description = "Leaves and joins per minute, all channels together" };
    private readonly Option<double> _packetLoss = new("--packet-loss") { Description = "Percent of datagrams that are lost at the client, each way" };
    private readonly Option<TimeSpan> _jitter = new("--jitter") { Description = "Delay of up to so much at the client, each way: 20ms", CustomParser = DurationText.Parse };
    private readonly Option<string?> _region = new("--region") { Description = "The region that participants say they are near" };
    private readonly Option<int> _payload = new("--payload") { Description = "Bytes of a 20 ms frame, 16 to 1,200", DefaultValueFactory = _ => 100 };
    private readonly Option<bool> _controlOnly = new("--control-only") { Description = "Sockets and signaling without media" };
    private readonly Option<bool> _ramp = new("--ramp") { Description = "With --control-only: more and more sessions, until joins fail" };
    private readonly Option<int> _maxSessions = new("--max-sessions") { Description = "With --ramp: and at most so many", DefaultValueFactory = _ => 10_000 };
    private readonly Option<int> _seed = new("--seed") { Description = "Of everything that is random", DefaultValueFactory = _ => 1 };
    private readonly Option<int[]> _processes = new("--processes") { Description = "Ids of the server's processes on this machine: 12,34; default: who listens at the port of --url", CustomParser = ProcessIds, DefaultValueFactory = _ => [] };
    private readonly Option<double?> _maxLoss = new("--max-loss") { Description = "Exit with 1 if more percent of the packets are lost" };
    private readonly Option<double?> _maxP99 = new("--max-p99") { Description = "Exit with 1 if the delay's p99 is more milliseconds" };
    private readonly Option<string> _prefix = new("--prefix") { Description = "Beginning of the channels' names; runs with different ones can share a deployment", DefaultValueFactory = _ => "load" };
    private readonly Option<string> _apiKey = new("--api-key") { Description = $"Id of the key that tokens are signed with; its secret is in {ApiKey.SecretVariable}. Default: Development's", DefaultValueFactory = _ => TokenSigner.DevelopmentKey };
    private readonly Option<bool> _json = new("--json") { Description = "The report as one JSON object on standard output" };
    private readonly Option<string> _picture = new("--picture") { Description = "The picture's file; none: no picture", DefaultValueFactory = _ => "hype-load.svg" };

    /// <param name="run">Given what was asked for, returns the exit code.</param>
    public RootCommand Build(Func<LoadOptions, CancellationToken, Task<int>> run)
    {
        var root = new RootCommand("hype-load: simulated participants in voice channels, with real ICE, DTLS and SRTP, against a running deployment.")
        {
            _target, _url, _mode, _region, _channels, _participants, _speakers, _talk, _deafSpeakers, _payload, _joinRate, _duration, _churn, _packetLoss, _jitter,
            _controlOnly, _ramp, _maxSessions, _processes, _maxLoss, _maxP99, _json, _picture, _seed, _prefix, _apiKey,
        };
        root.SetAction(async (parsed, stop) => await run(Read(parsed), stop));
        return root;
    }

    private LoadOptions Read(ParseResult parsed) => new()
    {
        Target = parsed.GetValue(_target)!,
        Url = new Uri(parsed.GetValue(_url)!),
        Channels = parsed.GetValue(_channels),
        Participants = parsed.GetValue(_participants),
        Speakers = parsed.GetValue(_speakers),
        Talk = parsed.GetValue(_talk),
        DeafSpeakers = parsed.GetValue(_deafSpeakers),
        JoinRate = parsed.GetValue(_joinRate),
        Duration = parsed.GetValue(_duration),
        Mode = parsed.GetValue(_mode),
        Churn = parsed.GetValue(_churn),
        PacketLoss = parsed.GetValue(_packetLoss) / 100,
        Jitter = parsed.GetValue(_jitter),
        Region = parsed.GetValue(_region),
        Payload = parsed.GetValue(_payload),
        ControlOnly = parsed.GetValue(_controlOnly),
        Ramp = parsed.GetValue(_ramp),
        MaxSessions = parsed.GetValue(_maxSessions),
        Seed = parsed.GetValue(_seed),
        Processes = parsed.GetValue(_processes)!,
        MaxLoss = parsed.GetValue(_maxLoss),
        MaxP99 = parsed.GetValue(_maxP99),
        Prefix = parsed.GetValue(_prefix)!,
        Key = new ApiKey(parsed.GetValue(_apiKey)!, Environment.GetEnvironmentVariable(ApiKey.SecretVariable) ?? TokenSigner.DevelopmentSecret),
        Json = parsed.GetValue(_json),
        Picture = parsed.GetValue(_picture) is { } file and not "none" ? new FileInfo(file) : null,
    };

    private static int[] ProcessIds(ArgumentResult argument)
    {
        var ids = new List<int>();
        foreach (var text in argument.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(text, out var id) && id > 0)
                ids.Add(id);
            else
                argument.AddError($"--processes takes process ids with commas between them, not '{text}'.");
        }
        return [.. ids];
    }
}
