using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Hype.Gateway.Hosting;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Signaling.Socket;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hype.Gateway.Tests.Hostile;

/// <summary>
/// Proves that a member with a valid session that sends any messages in any order harms no other member, over real WebSockets and real
/// grains: the signals and roster changes of honest members stay complete and in order, queues stay bounded, no exception escapes, and
/// each refusal has a named error and is counted. <c>HYPE_HOSTILE_MESSAGES</c> sets another number of messages, and
/// <c>HYPE_HOSTILE_SEED</c> repeats a run.
/// </summary>
public sealed partial class HostileMemberTests
{
    private const long MemoryLimit = 200_000_000;

    private static readonly int Messages = Setting("HYPE_HOSTILE_MESSAGES", 100_000);
    private static readonly int Seed = Setting("HYPE_HOSTILE_SEED", 20_261_130);
    private static readonly HashSet<string> Codes =
        [.. Enum.GetValues<VoiceError>().Where(error => error != VoiceError.None).Select(error => VoiceErrors.Describe(error).Name)];

    private readonly FailureLog _failures = new();
    private string _folder = null!;
    private WebApplication _app = null!;

    private Uri Url => new(_app.Urls.First());

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("hype-gateway-tests-").FullName;
        // The rates of messages and joins are as good as unlimited: the limits behind them are tested.
        var builder = GatewayHost.Configured(
            "Development",
            ("Hype:Storage:Path", Path.Combine(_folder, "hype.db")),
            ("Hype:Limits:MessagesPerSession:Burst", "1000000"),
            ("Hype:Limits:MessagesPerSession:PerSecond", "1000000"),
            ("Hype:Limits:SocketsPerAddress:Burst", "1000000"),
            ("Hype:Limits:JoinsPerAddress:Burst", "1000000"),
            ("Hype:Limits:JoinsPerIdentity:Burst", "1000000"));
        builder.Logging.AddProvider(_failures);
        builder.AddHypeGateway();
        builder.AddHypeSilo();
        _app = builder.Build();
        _app.MapHypeGateway();
        await _app.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _failures.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Honest_members_are_not_harmed_by_a_member_that_sends_anything()
    {
        // A mesh, so that signals are relayed; without a media node another mode would carry nothing.
        var channel = _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IChannelGrain>("hostile");
        await channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.P2P });
        using var ada = new HonestMember(await JoinAsync("ada"));
        using var bob = new HonestMember(await JoinAsync("bob"));
        using var mallory = new HostileMember(Url, JoinOf("mallory"), [ada.Number, bob.Number], Seed);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        using var done = new CancellationTokenSource();

        var talk = TalkAsync(ada, bob, done.Token);
        var largestQueue = 0L;
        for (var sent = 0; sent < Messages && !talk.IsCompleted; sent++)
        {
            await mallory.StepAsync();
            if (sent % 100 == 0)
                largestQueue = Math.Max(largestQueue, LargestQueue());
        }

        await done.CancelAsync();
        var rounds = await talk;
        var growth = GC.GetTotalMemory(forceFullCollection: true) - memory;
        TestContext.Out.WriteLine(
            $"seed {Seed}: {Messages} messages, {mallory.Sockets} sockets, {mallory.Resumes} resumes; {rounds} honest rounds, "
            + $"{bob.Changes} roster changes; largest queue {largestQueue} bytes, memory {growth / 1_000_000} MB more; errors "
            + string.Join(", ", mallory.Errors.Select(error => $"{error.Key} {error.Value}")));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(rounds, Is.GreaterThan(100), $"seed {Seed}: the honest members made progress");
        Assert.That(mallory.Errors.Keys, Is.SubsetOf(Codes));
        Assert.That(mallory.Errors.Keys, Is.SupersetOf(new[] { "badMessage", "staleEpoch", "unknownParticipant", "tooManyRequests" }));
        Assert.That(mallory.Errors.Keys, Has.None.EqualTo("internal").And.None.EqualTo("unavailable"), $"seed {Seed}");
        Assert.That(largestQueue, Is.LessThan(new SignalingOptions().SendQueueBytes), $"seed {Seed}");
        Assert.That(growth, Is.LessThan(MemoryLimit), $"seed {Seed}");
        Assert.That(_failures.Lines, Is.Empty, $"seed {Seed}: no exception escaped");
        var counted = await CountedErrorsAsync();
        foreach (var (code, count) in mallory.Errors)
            Assert.That(counted.GetValueOrDefault(code), Is.GreaterThanOrEqualTo(count), $"seed {Seed}: {code} is counted");
    }

    /// <summary>Lets two members answer each other's signals until cancelled, and returns the number of rounds.</summary>
    private static async Task<int> TalkAsync(HonestMember ada, HonestMember bob, CancellationToken stop)
    {
        var rounds = 0;
        for (; !stop.IsCancellationRequested; rounds++)
        {
            await ada.SendAsync(bob, rounds);
            await bob.ReceiveAsync(ada, rounds);
            await bob.SendAsync(ada, rounds);
            await ada.ReceiveAsync(bob, rounds);
        }

        return rounds;
    }

    private long LargestQueue() => _app.Services.GetRequiredService<SessionRegistry>().Sockets.OfType<SignalingConnection>()
        .Select(connection => connection.QueuedBytes).DefaultIfEmpty().Max();

    private async Task<VoiceClient> JoinAsync(string identity)
    {
        var client = await VoiceClient.ConnectAsync(Url);
        await client.SendAsync(JoinOf(identity));
        client.Welcome = await client.ExpectAsync("welcome");
        return client;
    }

    private async Task<Dictionary<string, double>> CountedErrorsAsync()
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(new Uri(_app.Urls.ElementAt(1)), "/metrics"));
        return CountedError().Matches(metrics).ToDictionary(
            match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static string JoinOf(string identity)
    {
        var token = Tokens.Mint(identity, "*", DateTimeOffset.UtcNow.AddHours(1), ["join", "speak", "listen"]);
        return $$"""{"type":"join","channel":"hostile","token":"{{token}}"}""";
    }

    private static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : standard;

    [GeneratedRegex("""hype_gateway_errors_total\{[^}]*code="(\w+)"[^}]*\} (\d+)""")]
    private static partial Regex CountedError();

    /// <summary>Records the warnings and errors of the gateway's signaling.</summary>
    private sealed class FailureLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public string[] Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) =>
                logLevel >= LogLevel.Warning && category.StartsWith("Hype.Gateway", StringComparison.Ordinal);

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                    lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
