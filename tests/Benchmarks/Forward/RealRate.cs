using System.Net.Sockets;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the CPU time per packet of a separate node process while each speaker sends 50 packets a second. The figure includes
/// heartbeats, timers, and a wake-up for nearly every packet.
/// </summary>
internal static class RealRate
{
    private const int PayloadLength = 100;
    private const int DatagramLength = 12 + 4 + 8 + PayloadLength + 16;

    // Speakers, listeners, and the goal in µs if a bare send costs 2.8: half of the cost of Mumble's server.
    private static readonly (int Speakers, int Listeners, double Goal)[] Shapes = [(3, 20, 6), (3, 50, 5), (5, 60, 4.5), (10, 40, 4)];

    // The goal scales with the cost of a bare send, measured before and after, in silence.
    private const double ReferenceSend = 2.8;

    public static async Task<Figure[]> MeasureAsync(Pace pace)
    {
        var figures = new List<Figure>();
        foreach (var (speakers, listeners, goal) in Shapes)
        {
            using var sends = new BareSends(listeners, DatagramLength, AddressFamily.InterNetwork);
            await using var rig = new Rig(await NodeProcess.StartAsync(), Profile.Gcm.OpenSslName);
            var node = (NodeProcess)rig.Node;
            var room = await rig.OpenRoomAsync(speakers, speakers, listeners, PayloadLength);
            var before = sends.MeasureMedian(pace.Round);
            await rig.SpeakAsync([room], RigRoom.Talk);
            await Task.Delay(pace.Stabilise);
            var (cpu, heard) = (node.Cpu, await rig.HeardAsync());
            await Task.Delay(pace.RealRate);
            var perPacket = (node.Cpu - cpu) / (await rig.HeardAsync() - heard);
            await rig.SilenceAsync();
            var proof = await rig.ProveAsync(room.Mouths.Sum(mouth => mouth.Said) * listeners);
            var bare = (before + sends.MeasureMedian(pace.Round)) / 2;
            figures.Add(new Figure(
                $"real_rate_{speakers}_{listeners}_us", $"CPU of the node process per packet at real rates, {speakers} → {listeners}",
                perPacket, "µs", goal * bare / ReferenceSend,
                $"goal {goal} µs where a bare send costs {ReferenceSend}, here {bare:0.00}; {proof}"));
        }

        return [.. figures];
    }
}
