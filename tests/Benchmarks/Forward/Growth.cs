namespace Hype.Benchmarks.Forward;

/// <summary>
/// Implements <c>-- growth</c>: measures how the CPU cost grows, in one channel of 2 to 1,000 members, and in 1 to 500 channels of five
/// members. One member of each channel speaks at the real rate; only the worker's thread is measured. The last column, the cost per
/// packet, must fall or stay constant.
/// </summary>
internal static class Growth
{
    private const int Slots = 6;
    private const int PayloadLength = 100;
    private const int ListenersPerChannel = 4;

    private static readonly int[] Members = [2, 5, 10, 20, 50, 100, 200, 500, 1000];
    private static readonly int[] Channels = [1, 10, 50, 100, 200, 500];

    public static async Task<int> RunAsync(Pace pace)
    {
        Console.WriteLine("members of one channel, one speaks    packets/s   CPU %   µs per forwarded packet");
        foreach (var members in Members)
            await RowAsync(members, [members - 1], pace);
        Console.WriteLine("channels of 5, one speaks in each     packets/s   CPU %   µs per forwarded packet");
        foreach (var channels in Channels)
            await RowAsync(channels, [.. Enumerable.Repeat(ListenersPerChannel, channels)], pace);
        return 0;
    }

    private static async Task RowAsync(int size, int[] listeners, Pace pace)
    {
        var node = new WorkerNode();
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName);
        foreach (var count in listeners)
            await rig.OpenRoomAsync(Slots, 1, count, PayloadLength);
        await rig.SpeakAsync(rig.Rooms, RigRoom.Talk);
        await Task.Delay(pace.Warmup);
        var (cpu, forwarded, began) = (node.Cpu, node.Forwarded, System.Diagnostics.Stopwatch.GetTimestamp());
        await Task.Delay(pace.Latency);
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        (cpu, forwarded) = (node.Cpu - cpu, node.Forwarded - forwarded);
        await rig.SilenceAsync();
        await rig.ProveAsync(node.Forwarded);
        Console.WriteLine($"{size,37} {forwarded / seconds,11:#,0} {cpu / 1e4 / seconds,7:0.0} {cpu / forwarded,10:0.00}");
    }
}
