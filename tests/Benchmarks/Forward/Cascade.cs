using Hype.MediaClient;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the cost of a link. A channel has two rooms on two workers, linked over the loopback device, and one member speaks at the real
/// rate. Members of both rooms receive the same packets: the additional delay in the room without the speaker is the cost of one hop,
/// apart from network distance. The traffic over the link must not depend on the size of the channel.
/// </summary>
internal static class Cascade
{
    private const int Slots = 6;
    private const int PayloadLength = 100;

    // Members of the whole channel, half of them in each room.
    private static readonly int[] Members = [2, 10, 50];

    public static async Task<Figure[]> MeasureAsync(Pace pace)
    {
        var figures = new List<Figure>();
        var smallest = 0.0;
        foreach (var members in Members)
        {
            var (near, far, bytes, proof) = await RunAsync(members, pace);
            smallest = smallest == 0 ? bytes : smallest;
            figures.Add(new Figure(
                $"link_bytes_{members}", $"bytes a second over a link, one of {members} members speaks", bytes, "B", smallest * 1.02,
                $"{bytes / smallest:0.000} of what it is for {Members[0]}; {proof}"));
            if (near.Count == 0)
                continue;
            figures.Add(new Figure(
                $"hop_p50_ms_{members}", $"later in the other room, {members} members, p50",
                Milliseconds(far, 50) - Milliseconds(near, 50), "ms", null,
                $"speaker's room: p50 {Milliseconds(near, 50):0.00}, p99 {Milliseconds(near, 99):0.00} ms; "
                    + $"the other: p50 {Milliseconds(far, 50):0.00}, p99 {Milliseconds(far, 99):0.00} ms"));
        }

        return [.. figures];
    }

    private static async Task<(Histogram Near, Histogram Far, double BytesPerSecond, string Proof)> RunAsync(int members, Pace pace)
    {
        var (near, far) = (new Histogram(), new Histogram());
        var node = new WorkerNode(workers: 2);
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName, timed: true);
        var half = members / 2;
        var first = await rig.OpenRoomAsync(Slots, 1, half - 1, PayloadLength, near.Add);
        var second = await rig.OpenRoomAsync(Slots, 0, half, PayloadLength, far.Add);
        await node.LinkAsync(first.Key, second.Key, Slots);
        await rig.SpeakAsync([first], RigRoom.Talk);
        await Task.Delay(pace.Warmup);
        await rig.OnListenersThreadAsync(() =>
        {
            near.Clear();
            far.Clear();
        });
        var (bytes, began) = (node.OverLinks, System.Diagnostics.Stopwatch.GetTimestamp());
        await Task.Delay(pace.Latency);
        var perSecond = (node.OverLinks - bytes) / System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        await rig.SilenceAsync();
        return (near, far, perSecond, await rig.ProveAsync(first.Mouths.Sum(mouth => mouth.Said) * (members - 1L)));
    }

    private static double Milliseconds(Histogram latencies, double percent) => latencies.Percentile(percent) / 1e3;
}
