using System.CommandLine;
using System.CommandLine.Parsing;
using Hype.LoadTest.Media;
using Hype.LoadTest.Running;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Options;

/// <summary>Defines and checks the command line: the options, their defaults and ranges, and the rules for their combination.</summary>
internal sealed class LoadCommand
{
    private const int DefaultSpeakers = 3;

    // After Ctrl-C: time for all participants to leave in order, and for the report.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Option<string> _target = new("--target")
    {
        Description = "The kind of server: " + string.Join(", ", VoiceTargets.Names),
        DefaultValueFactory = _ => "hype",
    };
    private readonly Option<string> _url = new("--url")
    {
        Description = "The server's address: a gateway",
        DefaultValueFactory = _ => "http://localhost:8080",
    };
    private readonly Option<string[]> _gateways = new(
        "--gateway")
    {
        Description =
            "Another gateway of the same deployment; repeatable. Participants spread over all, and use the next one when theirs is gone",
        DefaultValueFactory = _ => []
    };
    private readonly Option<MoveWay> _follow = new(
        "--follow")
    {
        Description =
            "The lightest method by which participants follow a moving endpoint: candidate (Chromium), "
                + "icerestart (Firefox), newconnection",
        HelpName =
                WordText.Words<MoveWay>(
                    "|"),
        CustomParser =
                WordText.Parse<MoveWay>,
        DefaultValueFactory = _ => MoveWay.Candidate
    };
    private readonly Option<int> _channels = new("--channels") { Description = "Channels", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _participants = new("--participants")
    {
        Description = "Participants in each channel",
        DefaultValueFactory = _ => 10,
    };
    private readonly Option<int?> _speakers = new("--speakers") { Description = "Speakers in each channel [default: 3, or all]" };
    private readonly Option<TalkPattern> _talk = new(
        "--talk")
    {
        Description = "all: all the time; turns: as in conversation",
        HelpName = WordText.Words<TalkPattern>("|"),
        CustomParser = WordText.Parse<TalkPattern>,
        DefaultValueFactory = _ => TalkPattern.All
    };
    private readonly Option<bool> _deafSpeakers = new("--deaf-speakers")
    {
        Description = "Speakers receive no audio: forwarded copies are speakers × listeners",
    };
    private readonly Option<double> _joinRate = new("--join-rate")
    {
        Description = "Joins per second, all channels together",
        DefaultValueFactory = _ => 20,
    };
    private readonly Option<TimeSpan> _duration = new("--duration")
    {
        Description = "Duration from the last join on: 30s, 5m, 1h",
        CustomParser = DurationText.Parse,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(30)
    };
    private readonly Option<ChannelPolicy> _mode = new(
        "--mode")
    {
        Description = "sfu, p2p, or auto: as the server chooses",
        HelpName = WordText.Words<ChannelPolicy>("|"),
        CustomParser = WordText.Parse<ChannelPolicy>,
        DefaultValueFactory = _ => ChannelPolicy.Sfu
    };
    private readonly Option<double> _churn = new("--churn") { Description = "Leaves and joins per minute, all channels together" };
    private readonly Option<double> _packetLoss = new("--packet-loss")
    {
        Description = "Percent of datagrams lost at the client, each way",
    };
    private readonly Option<TimeSpan> _jitter = new("--jitter")
    {
        Description = "Random delay at the client up to this value, each way: 20ms",
        CustomParser = DurationText.Parse,
    };
    private readonly Option<int> _hostileRate = new("--hostile-rate")
    {
        Description = "Datagrams per second of one more member in the first channel, which sends anything: media, RTCP, DTLS, STUN",
    };
    private readonly Option<string?> _region = new("--region") { Description = "The region that participants claim to be near" };
    private readonly Option<int> _payload = new("--payload")
    {
        Description = "Bytes of a 20 ms frame, 16 to 1,200",
        DefaultValueFactory = _ => 100,
    };
    private readonly Option<bool> _controlOnly = new("--control-only") { Description = "Sockets and signaling without media" };
    private readonly Option<bool> _ramp = new("--ramp") { Description = "With --control-only: adds sessions until joins fail" };
    private readonly Option<int> _maxSessions = new("--max-sessions")
    {
        Description = "With --ramp: the maximum number of sessions",
        DefaultValueFactory = _ => 10_000,
    };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of all random decisions", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _sweep = new(
        "--sweep")
    {
        Description =
            "Poll the sockets once a millisecond instead of waiting, so that the server's CPU includes no wake-ups of this tool"
    };
    private readonly Option<int[]> _processes = new(
        "--processes")
    {
        Description = "Ids of the server's processes on this machine: 12,34; default: the listeners at the port of --url",
        CustomParser = ProcessIds,
        DefaultValueFactory = _ => []
    };
    private readonly Option<double?> _maxLoss = new("--max-loss")
    {
        Description = "Exit with 1 if more than this percentage of packets is lost",
    };
    private readonly Option<double?> _maxP99 = new("--max-p99")
    {
        Description = "Exit with 1 if the p99 of the delay exceeds this number of milliseconds",
    };
    private readonly Option<string> _prefix = new(
        "--prefix")
    {
        Description = "Prefix of the channels' names; runs with different prefixes can share a deployment",
        DefaultValueFactory = _ => "load"
    };
    private readonly Option<string> _apiKey = new(
        "--api-key")
    {
        Description =
            $"Id of the key that signs tokens; its secret is in {ApiKey.SecretVariable}. Default: the key of Development",
        DefaultValueFactory = _ => TokenSigner.DevelopmentKey
    };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the report as one JSON object on standard output" };
    private readonly Option<string> _picture = new("--picture")
    {
        Description = "The file of the picture; none: no picture",
        DefaultValueFactory = _ => "hype-load.svg",
    };

    private readonly RootCommand _root;
    private readonly Check[] _checks;

    public LoadCommand()
    {
        _root = new RootCommand(
            "hype-load: simulated participants in voice channels, with real ICE, DTLS and SRTP, against a running deployment.")
        {
            _target, _url, _gateways, _apiKey, _prefix, _mode, _region, _channels, _participants, _speakers, _talk, _deafSpeakers,
                _payload, _joinRate, _duration, _churn, _packetLoss, _jitter, _follow, _hostileRate,
            _controlOnly, _ramp, _maxSessions, _processes, _sweep, _maxLoss, _maxP99, _json, _picture, _seed,
        };
        _checks =
        [
            new(_target, values => VoiceTargets.Names.Contains(values.Of(_target)),
                $"takes one of: {string.Join(", ", VoiceTargets.Names)}."),
            new(_url, values => IsHttp(values.Of(_url)), "takes an address such as http://localhost:8080."),
            new(_gateways, values => (values.Of(_gateways) ?? []).All(IsHttp), "takes addresses such as http://localhost:8090."),
            new(_prefix, values => values.Of(_prefix) is { Length: >= 1 and <= 48 } text
                && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'), "takes 1-48 letters, digits, '.', '_' or '-'."),
            new(_apiKey, values => values.Of(_apiKey) == TokenSigner.DevelopmentKey || Secret is not null,
                $"needs the key's secret in the environment variable {ApiKey.SecretVariable}."),
            new(_channels, values => values.Of(_channels) is >= 1 and <= 10_000, "takes 1 to 10,000."),
            new(_participants, values => values.Of(_participants) is >= 1 and <= 10_000, "takes 1 to 10,000."),
            new(_speakers, values => values.Of(_speakers) is null or >= 0 && (values.Of(_speakers) ?? 0) <= values.Of(_participants),
                "takes 0 to the number of --participants."),
            new(_payload, values => values.Of(_payload) is >= SpokenFrame.MinLength and <= SpokenStream.LongestPayload,
                $"takes {SpokenFrame.MinLength} to {SpokenStream.LongestPayload} bytes: time, speaker and frame number must fit, and "
                    + "the datagram in a path's MTU."),
            new(_joinRate, values => values.Of(_joinRate) is > 0 and <= 10_000, "takes more than 0, and at most 10,000 per second."),
            new(_duration, values => values.Of(_duration) >= TimeSpan.FromSeconds(1), "takes 1s or more."),
            new(_churn, values => values.Of(_churn) is >= 0 and <= 60_000, "takes 0 to 60,000 per minute."),
            new(_packetLoss, values => values.Of(_packetLoss) is >= 0 and <= 90, "takes 0 to 90 percent."),
            new(_jitter, values => values.Of(_jitter) <= TimeSpan.FromSeconds(2), "takes 0ms to 2s."),
            new(_hostileRate, values => values.Of(_hostileRate) is >= 0 and <= 200_000, "takes 0 to 200,000 datagrams per second."),
            new(_hostileRate, values => values.Of(_hostileRate) is 0 || (values.Of(_mode) is ChannelPolicy.Sfu && values.Of(_churn) is 0
                && !values.Of(_controlOnly) && values.Of(_target) is "hype"),
                "requires --target hype and --mode sfu, without --churn and --control-only."),
            new(_ramp, values => !values.Of(_ramp) || values.Of(_controlOnly),
                "requires --control-only: it finds the maximum number of idle sessions."),
            new(_maxSessions, values => values.Of(_maxSessions) is >= 1 and <= 1_000_000, "takes 1 to 1,000,000."),
            new(_region, values => values.Of(_region) is not { } region || region.Length is >= 1 and <= 64,
                "takes a region's name, 1-64 characters."),
            new(_picture, values => !string.IsNullOrWhiteSpace(values.Of(_picture)), "takes a file's path, or the word none."),
            new(_maxLoss, values => values.Of(_maxLoss) is null or (>= 0 and <= 100), "takes 0 to 100 percent."),
            new(_maxP99, values => values.Of(_maxP99) is null or > 0, "takes milliseconds, more than 0."),
        ];
    }

    private static string? Secret => Environment.GetEnvironmentVariable(ApiKey.SecretVariable);

    /// <summary>Parses the arguments and runs the command. If arguments are invalid, prints each error with its remedy instead.</summary>
    /// <param name="run">Runs with the parsed options and returns the exit code.</param>
    public Task<int> InvokeAsync(string[] args, Func<LoadOptions, CancellationToken, Task<int>> run, TextWriter errors)
    {
        var parsed = _root.Parse(args);
        var wrong = Errors(parsed).ToArray();
        if (wrong.Length == 0)
        {
            // Help and version belong to the library; the parser selects them.
            _root.SetAction((valid, stop) => run(Read(valid), stop));
            return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeout });
        }

        foreach (var error in wrong)
            errors.WriteLine($"hype-load: {error}");
        errors.WriteLine("hype-load: --help lists all options with their defaults.");
        return Task.FromResult(LoadSession.NotRun);
    }

    /// <summary>Returns all errors of a command line: the parser's, and those of values that were parsed but are not allowed.</summary>
    internal IEnumerable<string> Errors(ParseResult parsed)
    {
        var values = new Values(parsed);
        return parsed.Errors.Select(error => error.Message).Concat(
            from check in _checks
            where values.AreReadable(check.Option) && !check.IsGood(values)
            select $"{check.Option.Name} {check.Advice}");
    }

    internal ParseResult Parse(params string[] args) => _root.Parse(args);

    internal LoadOptions Read(ParseResult parsed) => new()
    {
        Target = parsed.GetValue(_target)!,
        Url = new Uri(parsed.GetValue(_url)!),
        Gateways = [.. parsed.GetValue(_gateways)!.Prepend(parsed.GetValue(_url)!).Select(gateway => new Uri(gateway)).Distinct()],
        Follow = parsed.GetValue(_follow),
        Channels = parsed.GetValue(_channels),
        Participants = parsed.GetValue(_participants),
        Speakers = parsed.GetValue(_speakers) ?? Math.Min(DefaultSpeakers, parsed.GetValue(_participants)),
        Talk = parsed.GetValue(_talk),
        DeafSpeakers = parsed.GetValue(_deafSpeakers),
        JoinRate = parsed.GetValue(_joinRate),
        Duration = parsed.GetValue(_duration),
        Mode = parsed.GetValue(_mode),
        Churn = parsed.GetValue(_churn),
        PacketLoss = parsed.GetValue(_packetLoss) / 100,
        Jitter = parsed.GetValue(_jitter),
        HostileRate = parsed.GetValue(_hostileRate),
        Region = parsed.GetValue(_region),
        Payload = parsed.GetValue(_payload),
        ControlOnly = parsed.GetValue(_controlOnly),
        Ramp = parsed.GetValue(_ramp),
        MaxSessions = parsed.GetValue(_maxSessions),
        Seed = parsed.GetValue(_seed),
        Processes = parsed.GetValue(_processes)!,
        Sweep = parsed.GetValue(_sweep),
        MaxLoss = parsed.GetValue(_maxLoss),
        MaxP99 = parsed.GetValue(_maxP99),
        Prefix = parsed.GetValue(_prefix)!,
        Key = new ApiKey(parsed.GetValue(_apiKey)!, Secret ?? TokenSigner.DevelopmentSecret),
        Json = parsed.GetValue(_json),
        Picture = parsed.GetValue(_picture) is { } file and not "none" ? new FileInfo(file) : null,
    };

    private static bool IsHttp(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

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

    /// <param name="Advice">The accepted values; printed after the option's name.</param>
    private sealed record Check(Option Option, Func<Values, bool> IsGood, string Advice);

    /// <summary>Reads the values of a command line, some of which may be invalid.</summary>
    private sealed class Values(ParseResult parsed)
    {
        public bool AreReadable(Option option) => parsed.GetResult(option)?.Errors.Any() != true;

        /// <summary>
        /// Returns the value of an option. Returns the type's default for an invalid value, which the parser has already reported.
        /// </summary>
        public T? Of<T>(Option<T> option) => AreReadable(option) ? parsed.GetValue(option) : default;
    }
}
