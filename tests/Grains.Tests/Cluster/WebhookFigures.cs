using System.Diagnostics;
using System.Globalization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Testing.Processes;
using Hype.Testing.Webhooks;

namespace Hype.Grains.Tests.Cluster;

/// <summary>
/// What the outboxes of webhooks carry, and what a receiver that is away costs: a silo as the product starts it, with SQLite, and a receiver
/// over HTTP, in this process. docs/measurements.md says how to run it.
/// </summary>
[Explicit("measures for half a minute, and wants the machine for itself")]
[NonParallelizable]
public sealed class WebhookFigures
{
    private const int Events = 20_000;
    private const int Channels = 64;

    // That many wait at most, as with a receiver that keeps up: each write of an outbox holds all that waits in it.
    private const int Outstanding = 50;

    private const int Bound = 1_000;

    [Test]
    public async Task What_goes_through_and_what_a_dead_receiver_costs()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await WebhookServer.StartAsync();
        await using var silo = await SiloInProcess.Start(
            folder.Database,
            ("Hype:Webhooks:Url", receiver.Url),
            ("Hype:Webhooks:Secrets:0", WebhookServer.Secret),
            ("Hype:Webhooks:MaxWaiting", Bound.ToString(CultureInfo.InvariantCulture)));

        // Once for the compiler.
        await CarryAsync(silo.Grains, receiver, IChannelIndexGrain.Shards, Events / 10, "warm");
        await CarryAsync(silo.Grains, receiver, 1, Events / 4, "one");
        await CarryAsync(silo.Grains, receiver, IChannelIndexGrain.Shards, Events, "all");
        await FillAsync(silo.Grains, receiver);
        Assert.That(receiver.Forged, Is.Zero);
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
            Say($"{outboxes} of {IChannelIndexGrain.Shards} outboxes: {count} events, {count / seconds:0} a second, {cost:0} µs of CPU for each, the receiver's too");

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
        Say($"dead receiver, {full.Length} outboxes with {Bound} events of {Joined(full[0], Bound).Json.Length} characters each: {heap / 1048576.0:0.0} MiB of heap");
        Say($"{clock.Elapsed.TotalMilliseconds / more:0.00} ms for each further event; after {more} of them {(Heap() - heapBefore) / 1048576.0:0.0} MiB of heap, resident {residentBefore:0} to {Resident():0} MiB");
    }

    private static void Say(FormattableString figure) => TestContext.Out.WriteLine(FormattableString.Invariant(figure));

    private static ChannelId[] ChannelsOf(int outboxes, string label) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(number => ChannelId.Parse($"{label}-{number}")).Where(channel => IChannelIndexGrain.ShardOf(channel) < outboxes).Take(Channels)];

    private static IWebhookOutboxGrain OutboxOf(IGrainFactory grains, ChannelId channel) => grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(channel), "default");

    /// <summary>As long as a real one.</summary>
    private static WebhookEvent Joined(ChannelId channel, int number)
    {
        var id = $"{channel}/{number}";
        var json = $$"""{"id":"{{id}}","event":"joined","channel":"{{channel}}","sequence":{{number}},"number":{{number}},"at":"2026-11-27T02:13:10.6120000+00:00","participant":{"number":{{number}},"identity":"person-{{number}}","name":"Person {{number}}","muted":false,"deafened":false,"serverMuted":false,"away":false,"attributes":{} } }""";
        return new WebhookEvent(id, json, number);
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static double Resident() => ProcessMemory.ResidentMebibytes(Environment.ProcessId);
}
