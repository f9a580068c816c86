namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the memory per connected endpoint: how much an empty node process grows with its first thousand endpoints, and with a second
/// thousand. The reported figure is the growth with the first thousand, which includes the JIT's code and the final size of the heap and
/// of the control plane's threads.
/// </summary>
internal static class EndpointMemory
{
    private const int Rooms = 20;
    private const int Members = 50;
    private const int Slots = 6;

    private static readonly TimeSpan AFewFrames = TimeSpan.FromMilliseconds(200);

    public static async Task<Figure> MeasureAsync()
    {
        await using var rig = new Rig(await NodeProcess.StartAsync(), Profile.Gcm.OpenSslName);
        var node = (NodeProcess)rig.Node;
        var empty = node.ResidentMebibytes;
        await FillAsync(rig);
        var before = node.ResidentMebibytes;
        await FillAsync(rig);
        var after = node.ResidentMebibytes;
        var (first, second) = (PerEndpoint(before - empty), PerEndpoint(after - before));
        return new Figure(
            "bytes_per_endpoint", "memory per connected endpoint", first, "B", 64 * 1024,
            $"resident {empty:0} MiB empty, {before:0} with 1,000 endpoints of {Slots} slots, {after:0} with 2,000, "
                + "all of which received a speaker: "
                + $"garbage and code are included; {second:#,0} B for each of the second thousand");
    }

    private static async Task FillAsync(Rig rig)
    {
        for (var room = 0; room < Rooms; room++)
            await rig.OpenRoomAsync(Slots, 1, Members - 1, 100);
        await rig.SpeakAsync(rig.Rooms, RigRoom.Talk);
        await Task.Delay(AFewFrames);
        await rig.SilenceAsync();
    }

    private static double PerEndpoint(double mebibytes) => mebibytes * 1024 * 1024 / (Rooms * Members);
}
