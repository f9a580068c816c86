using System.Net.Sockets;
using Hype.MediaNode.Ciphers;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the CPU time of the worker's thread per packet at full load, with one speaker and 100 receivers. It compares this with a
/// thread that only sends datagrams of the same size to the same number of addresses. The two run in turn, so that a noisy moment of
/// the machine affects both; the figure is the median of the rounds' ratios.
/// </summary>
internal static class PathCost
{
    private const int Receivers = 100;
    private const int Slots = 6;

    /// <summary>The length of an outgoing packet without its SRTP tag: RTP header, one CSRC, level extension and payload.</summary>
    private const int PlainLength = 12 + 4 + 8 + PayloadLength;
    private const int PayloadLength = 100;

    /// <summary>Measures the CPU time per packet in µs, and its ratio to that of sending alone (<see cref="BareSends"/>).</summary>
    /// <param name="aes">The AES implementation.</param>
    public static async Task<(Figure Ratio, double CpuPerPacket)> RatioAsync(
        string key, Profile profile, Pace pace, double? limit, AesEngine aes = AesEngine.Auto)
    {
        var node = new WorkerNode(aes: aes);
        await using var rig = new Rig(node, profile.OpenSslName);
        var room = await rig.OpenRoomAsync(Slots, 1, Receivers, PayloadLength);
        using var bare = new BareSends(Receivers, PlainLength + profile.TagLength, AddressFamily.InterNetwork);
        await rig.SpeakAsync([room], RigRoom.Flood);
        await Task.Delay(pace.Warmup);
        var (paths, bares, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < pace.Rounds; round++)
        {
            await rig.SpeakAsync([room], RigRoom.Flood);
            var (cpu, forwarded) = (node.Cpu, node.Forwarded);
            await Task.Delay(pace.Round);
            paths.Add((node.Cpu - cpu) / (node.Forwarded - forwarded));
            await rig.SilenceAsync();
            bares.Add(bare.Measure(pace.Round));
            ratios.Add(paths[^1] / bares[^1]);
        }

        var proof = await rig.ProveAsync(node.Forwarded);
        var note = $"{Median(paths):0.00} µs ÷ {Median(bares):0.00} µs bare; rounds {ratios.Min():0.00}–{ratios.Max():0.00}; {proof}";
        var by = aes == AesEngine.Auto ? "" : ", AES by OpenSSL";
        return (new Figure(key, $"CPU per forwarded packet ÷ bare sendmmsg, {profile.Name}{by}", Median(ratios), "", limit, note),
            Median(paths));
    }

    /// <summary>
    /// Counts, at full load, the bytes that the worker's thread allocates per packet, and the garbage collections of the process.
    /// </summary>
    public static async Task<Figure[]> SteadyAsync(Pace pace)
    {
        var node = new WorkerNode();
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName);
        var room = await rig.OpenRoomAsync(Slots, 1, Receivers, PayloadLength);
        await rig.SpeakAsync([room], RigRoom.Flood);
        await Task.Delay(pace.Warmup);
        var (allocated, forwarded, collections) = (await node.AllocatedAsync(), node.Forwarded, GC.CollectionCount(0));
        await Task.Delay(pace.Sustained);
        collections = GC.CollectionCount(0) - collections;
        forwarded = node.Forwarded - forwarded;
        allocated = await node.AllocatedAsync() - allocated;
        await rig.SilenceAsync();
        var proof = await rig.ProveAsync(node.Forwarded);
        return
        [
            new Figure("alloc_bytes_per_packet", "bytes allocated per forwarded packet", (double)allocated / forwarded, "B", 0,
                $"{allocated:N0} bytes for {forwarded:N0} packets in {pace.Sustained.TotalSeconds:0} s; {proof}"),
            new Figure(
                "gen0", "gen-0 collections of the process, peers included", collections, "", 0, $"in {pace.Sustained.TotalSeconds:0} s"),
        ];
    }

    /// <summary>
    /// Compares the throughput of two workers on two threads, with a room each, with that of one worker: in packets per second of
    /// wall-clock time, not of CPU time.
    /// </summary>
    public static async Task<Figure> TwoWorkersAsync(Pace pace)
    {
        var (one, _) = await ThroughputAsync(1, pace);
        var (two, cpus) = await ThroughputAsync(2, pace);
        return new Figure(
            "two_workers", "throughput of 2 workers ÷ 1 worker", two / one, "", null,
            $"{one / 1000:N0} and {two / 1000:N0} thousand packets/s; "
                + $"the two had {cpus:0.00} of this machine's {Environment.ProcessorCount} cores, the receiving peers need the rest");
    }

    private static async Task<(double PacketsPerSecond, double Cores)> ThroughputAsync(int workers, Pace pace)
    {
        var node = new WorkerNode(workers);
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName);
        for (var room = 0; room < workers; room++)
            await rig.OpenRoomAsync(Slots, 1, Receivers, PayloadLength);
        await rig.SpeakAsync(rig.Rooms, RigRoom.Flood);
        await Task.Delay(pace.Warmup);
        var (cpu, forwarded, began) = (node.Cpu, node.Forwarded, System.Diagnostics.Stopwatch.GetTimestamp());
        await Task.Delay(pace.Round * 3);
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        var result = ((node.Forwarded - forwarded) / seconds, (node.Cpu - cpu) / 1e6 / seconds);
        await rig.SilenceAsync();
        await rig.ProveAsync(node.Forwarded);
        return result;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
