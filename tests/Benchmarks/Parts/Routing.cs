using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures the whole path except for the kernel, with one pass of the worker's loop for each packet: receive it, find the member, parse,
/// select and decrypt; then map, write the header and encrypt for each of a hundred receivers. Time advances as in production, so due
/// reports are included.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(40), IterationCount(20)]
public class Routing
{
    private const int Receivers = 100;
    private const int Speaker = 1;
    private const int Frames = 250;

    private Lobby? _lobby;
    private long _forwarded;

    [Params(SrtpProfiles.Gcm128, SrtpProfiles.Gcm256, SrtpProfiles.CounterMode)]
    public string Profile { get; set; } = "";

    private Lobby Room => _lobby ?? throw new InvalidOperationException("No member is connected.");

    [GlobalSetup]
    public void Connect() => _lobby = new Lobby(Receivers + 1, SrtpProfiles.OpenSslNameOf(Profile), waiting: Frames);

    [GlobalCleanup]
    public void Leave() => Room.Dispose();

    [IterationSetup]
    public void Speak()
    {
        Room.Check();
        _forwarded = Room.Forwarded;
        for (var frame = 0; frame < Frames; frame++)
            Room[Speaker].Say(Voice.Loud);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void A_packet_goes_to_a_hundred_receivers()
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            Room.PassFrame();
            Room.Turn();
        }
    }

    [IterationCleanup]
    public void All_members_received_all_packets() => Guard.Holds(Room.Forwarded - _forwarded == Frames * Receivers);
}
