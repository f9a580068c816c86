using Hype.MediaClient;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the forwarding delay of the node: from the moment at which a speaker gives a packet to the kernel to the kernel's timestamp
/// on each receiver's copy. In each room three speakers send to 50 listeners at real rates, each speaker with its own phase. So many
/// rooms speak that the worker is busy for half of the time; one room alone is measured for comparison.
/// </summary>
internal static class Latency
{
    private const int Speakers = 3;
    private const int Listeners = 50;
    private const double PacketsPerRoom = Speakers * Listeners * 50;

    /// <param name="cpuPerPacket">
    /// The CPU time per packet in µs, as measured before. A second of CPU divided by it is the worker's capacity.
    /// </param>
    public static async Task<Figure[]> MeasureAsync(double cpuPerPacket, Pace pace)
    {
        var latencies = new Histogram();
        var node = new WorkerNode();
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName, timed: true);
        var rooms = (int)Math.Round(1e6 / cpuPerPacket / 2 / PacketsPerRoom);
        for (var room = 0; room < rooms; room++)
            await rig.OpenRoomAsync(Speakers, Speakers, Listeners, 100, latencies.Add);
        var alone = await RunAsync(rig, [rig.Rooms[0]], latencies, node, pace);
        // A packet of one of many rooms costs more than one under full load in a single room, whose data stay in the caches.
        var all = await RunAsync(rig, rig.Rooms, latencies, node, pace);
        var half = Math.Clamp((int)Math.Round(rooms * 50 / all.Busy), 1, rooms);
        var loaded = await RunAsync(rig, [.. rig.Rooms.Take(half)], latencies, node, pace);
        var note = $"{half} rooms of {Speakers} → {Listeners}, {loaded.PerSecond:N0} packets/s, "
            + $"the worker's thread {loaded.Busy:0} % busy; "
            + $"one room alone: p50 {alone.P50:0.00}, p99 {alone.P99:0.00} ms";
        return
        [
            new Figure("latency_p50_ms", "added forwarding latency at half the capacity, p50", loaded.P50, "ms", 0.3, note),
            new Figure("latency_p99_ms", "added forwarding latency at half the capacity, p99", loaded.P99, "ms", 2,
                $"of {loaded.Count:N0} packets; {loaded.Proof}"),
        ];
    }

    private static async Task<(double P50, double P99, long Count, double PerSecond, double Busy, string Proof)> RunAsync(
        Rig rig, IReadOnlyList<RigRoom> rooms, Histogram latencies, WorkerNode node, Pace pace)
    {
        await rig.SpeakAsync(rooms, RigRoom.Talk);
        await Task.Delay(pace.Warmup);
        await rig.OnListenersThreadAsync(latencies.Clear);
        var (cpu, began) = (node.Cpu, System.Diagnostics.Stopwatch.GetTimestamp());
        await Task.Delay(pace.Latency);
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        var busy = (node.Cpu - cpu) / 1e4 / seconds;
        var (p50, p99, count) = (0.0, 0.0, 0L);
        await rig.OnListenersThreadAsync(
            () => (p50, p99, count) = (latencies.Percentile(50) / 1e3, latencies.Percentile(99) / 1e3, latencies.Count));
        await rig.SilenceAsync();
        return (p50, p99, count, count / seconds, busy, await rig.ProveAsync(node.Forwarded));
    }
}
