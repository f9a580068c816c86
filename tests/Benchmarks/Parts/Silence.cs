using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures a worker's cost for nearly a hundred silent members of a room, each with fifty packets a second. Only one packet in a
/// hundred is decrypted. Time advances as in production, so due reports are included.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(200), IterationCount(20)]
public class Silence
{
    // The first few got slots while there were enough for everyone.
    private const int FirstSilent = 5;
    private const int Members = 101;
    private const int SilentMembers = Members - FirstSilent + 1;
    private const int Frames = 25;
    private const int Packets = Frames * SilentMembers;

    private Lobby? _lobby;
    private long _forwarded;
    private long _unheard;

    private Lobby Room => _lobby ?? throw new InvalidOperationException("No member is connected.");

    [GlobalSetup]
    public void Connect() => _lobby = new Lobby(Members, SrtpProfiles.OpenSslNameOf(SrtpProfiles.Gcm128), waiting: Packets);

    [GlobalCleanup]
    public void Leave() => Room.Dispose();

    [IterationSetup]
    public void Breathe()
    {
        Room.Check();
        (_forwarded, _unheard) = (Room.Forwarded, Room.Unheard);
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var member = 0; member < SilentMembers; member++)
                Room[FirstSilent + member].Say(Voice.Silent);
        }
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public void A_packet_without_an_audience_is_dropped_undecrypted()
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            Room.PassFrame();
            for (var member = 0; member < SilentMembers; member++)
                Room.Turn();
        }
    }

    [IterationCleanup]
    public void No_packet_was_forwarded() => Guard.Holds(Room.Forwarded == _forwarded && Room.Unheard - _unheard == Packets);
}
