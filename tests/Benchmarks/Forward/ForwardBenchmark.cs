using System.Net.Sockets;

namespace Hype.Benchmarks.Forward;

internal static class ForwardBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        foreach (var profile in new[] { "SRTP_AEAD_AES_128_GCM", "SRTP_AES128_CM_SHA1_80" })
        {
            var node = new WorkerNode();
            await using var rig = new Rig(node, profile);
            var room = await rig.OpenRoomAsync(3, 1, 100, 100);
            var size = 12 + 4 + 8 + 100 + (profile.Contains("GCM") ? 16 : 10);
            using var v4 = new BareSends(100, size, AddressFamily.InterNetwork);
            using var v6 = new BareSends(100, size, AddressFamily.InterNetworkV6);
            for (var round = 0; round < 5; round++)
            {
                await rig.SpeakAsync([room], RigRoom.Flood);
                await Task.Delay(round == 0 ? 2500 : 200);
                var (cpu, forwarded, allocated) = (node.Cpu, node.Forwarded, await node.AllocatedAsync());
                await Task.Delay(1000);
                cpu = node.Cpu - cpu;
                forwarded = node.Forwarded - forwarded;
                allocated = await node.AllocatedAsync() - allocated;
                await rig.SilenceAsync();
                var bare4 = v4.Measure(TimeSpan.FromSeconds(0.7));
                var bare6 = v6.Measure(TimeSpan.FromSeconds(0.7));
                Console.WriteLine($"{profile} {cpu / forwarded:0.000} µs ({forwarded} pkts, {allocated} B)  bare4 {bare4:0.000} bare6 {bare6:0.000}  ratio {cpu / forwarded / bare4:0.000} {cpu / forwarded / bare6:0.000}");
            }
            Console.WriteLine($"heard {room.Heard} of {node.Forwarded}, wrong {room.Wrong}, out of order {room.OutOfOrder}");
        }
        foreach (var (speakers, listeners) in new[] { (3, 20), (3, 50), (5, 60), (10, 40) })
        {
            var node = await NodeProcess.StartAsync();
            await using var rig = new Rig(node, "SRTP_AEAD_AES_128_GCM");
            var room = await rig.OpenRoomAsync(10, speakers, listeners, 100);
            await rig.SpeakAsync([room], RigRoom.Talk);
            await Task.Delay(5000);
            var (cpu, heard) = (node.Cpu, await rig.HeardAsync());
            await Task.Delay(10000);
            cpu = node.Cpu - cpu;
            heard = await rig.HeardAsync() - heard;
            Console.WriteLine($"{speakers}->{listeners}: {cpu / heard:0.000} µs per packet, {heard} heard, {room.Wrong} wrong, {room.OutOfOrder} ooo, {node.ResidentMebibytes:0.0} MiB");
        }
        return 0;
    }
}
