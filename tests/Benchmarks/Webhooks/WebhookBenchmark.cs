using System.Diagnostics;
using System.Globalization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Silo.Hosting;
using Hype.Testing.Processes;
using Hype.Testing.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hype.Benchmarks.Webhooks;

/// <summary>
/// What the outboxes of webhooks carry, and what a receiver that is away costs: a silo as the product starts it, with SQLite, and a receiver
/// over HTTP, in this process.
/// </summary>
internal static class WebhookBenchmark
{
    private const int Events = 20_000;
    private const int Channels = 64;

    // That many wait at most, as with a receiver that keeps up: each write of an outbox holds all that waits in it.
    private const int Outstanding = 50;

    private const int Bound = 1_000;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hype-webhooks-");
        await using var receiver = await WebhookServer.StartAsync();
        using (var silo = await StartAsync(Path.Combine(folder.FullName, "hype.db"), receiver.Url))
        {
            var grains = silo.Services.GetRequiredService<IGrainFactory>();
            // Once for the compiler.
            await CarryAsync(grains, receiver, IChannelIndexGrain.Shards, Events / 10, "warm");
            Console.WriteLine("| through | events | events/s | CPU, µs per event, the receiver's too |");
            Console.WriteLine("|---|---|---|---|");
            await CarryAsync(grains, receiver, 1, Events / 4, "one");
            await CarryAsync(grains, receiver, IChannelIndexGrain.Shards, Events, "all");
            await FillAsync(grains, receiver);
            await silo.StopAsync();
        }
        folder.Delete(recursive: true);
        return 0;
    }

    private static async Task CarryAsync(IGrainFactory grains, WebhookServer receiver, int outboxes, int count, string label)
    {
        using var room = new SemaphoreSlim(Outstanding * outboxes);
        var next = 0;
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var told = Task.WhenAll(ChannelsOf(outboxes, label).Select(TellAsync));
        for (var received = 0; received < count; received++)
        {
            await receiver.NextAsync();
            room.Release();
        }
        await told;
        var seconds = clock.Elapsed.TotalSeconds;
        var cost = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / count;
        if (label != "warm")
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {outboxes} of {IChannelIndexGrain.Shards} outboxes | {count} | {count / seconds:0} | {cost:0} |"));

        async Task TellAsync(ChannelId channel)
        {
            var outbox = OutboxOf(grains, channel);
            for (var number = 1; Interlocked.Increment(ref next) <= count; number++)
            {
                await room.WaitAsync();
                await outbox.Store(channel, [Joined(channel, number)], over: false);
            }
        }
    }

    private static async Task FillAsync(IGrainFactory grains, WebhookServer receiver)
    {
        receiver.Answer = WebhookAnswer.Unavailable;
        var (heapBefore, residentBefore) = (Heap(), Resident());
        var full = ChannelsOf(IChannelIndexGrain.Shards, "dead").DistinctBy(IChannelIndexGrain.ShardOf).ToArray();
        for (var number = 1; number <= Bound; number += 50)
            await Task.WhenAll(full.Select(channel => OutboxOf(grains, channel).Store(channel, [.. Enumerable.Range(number, 50).Select(each => Joined(channel, each))], over: false)));
        var heap = Heap() - heapBefore;

        const int more = 2_000;
        var clock = Stopwatch.StartNew();
        for (var number = 1; number <= more / full.Length; number++)
            await Task.WhenAll(full.Select(channel => OutboxOf(grains, channel).Store(channel, [Joined(channel, Bound + number)], over: false)));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Dead receiver, {full.Length} outboxes with {Bound} events of {Joined(full[0], Bound).Json.Length} characters each: {heap / 1048576.0:0.0} MiB of heap,"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds / more:0.00} ms for each further event, {(Heap() - heapBefore) / 1048576.0:0.0} MiB after {more} of them; resident {residentBefore:0} -> {Resident():0} MiB."));
    }

    private static ChannelId[] ChannelsOf(int outboxes, string label) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(number => ChannelId.Parse($"{label}-{number}")).Where(channel => IChannelIndexGrain.ShardOf(channel) < outboxes).Take(Channels)];

    private static IWebhookOutboxGrain OutboxOf(IGrainFactory grains, ChannelId channel) => grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(channel), "default");

    /// <summary>As long as a real one.</summary>
    private static WebhookEvent Joined(ChannelId channel, int number)
    {
        var id = $"{channel}/{number}";
        var json = $$"""{"id":"{{id}}","event":"joined","channel":"{{channel}}","sequence":{{number}},"number":{{number}},"at":"2026-11-27T02:13:10.6120000+00:00","participant":{"number":{{number}},"identity":"person-{{number}}","name":"Person {{number}}","muted":false,"deafened":false,"serverMuted":false,"away":false,"attributes":{}}}""";
        return new WebhookEvent(id, json, number);
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static double Resident() => ProcessMemory.ResidentMebibytes(Environment.ProcessId);

    private static async Task<IHost> StartAsync(string database, string url)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hype:Storage:Path"] = database,
            ["Hype:Webhooks:Url"] = url,
            ["Hype:Webhooks:Secrets:0"] = WebhookServer.Secret,
            ["Hype:Webhooks:MaxWaiting"] = Bound.ToString(CultureInfo.InvariantCulture),
        });
        builder.AddHypeSilo();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
