namespace Hype.Benchmarks.Forward;

/// <summary>What a connected endpoint takes: the growth of a node process from its first rooms to a thousand more people.</summary>
internal static class EndpointMemory
{
    private const int Rooms = 20;
    private const int Members = 50;
    private const int Slots = 6;

    public static async Task<Figure> MeasureAsync()
    {
        await using var rig = new Rig(await NodeProcess.StartAsync(), Profile.Gcm.OpenSslName);
        var node = (NodeProcess)rig.Node;
        // The first room brings the code, the heap's first segments and the certificate's context with it.
        await rig.OpenRoomAsync(Slots, 1, Members - 1, 100);
        var before = node.ResidentMebibytes;
        for (var room = 0; room < Rooms; room++)
            await rig.OpenRoomAsync(Slots, 1, Members - 1, 100);
        var after = node.ResidentMebibytes;
        return new Figure(
            "bytes_per_endpoint", "memory per connected endpoint", (after - before) * 1024 * 1024 / (Rooms * Members), "B", 64 * 1024,
            $"resident {before:0.0} MiB, {after:0.0} MiB with {Rooms * Members:N0} more endpoints of {Slots} slots, garbage not yet collected included");
    }
}
