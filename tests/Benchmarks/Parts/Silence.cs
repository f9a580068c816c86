using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// What it costs a worker that nearly a hundred members of a room say nothing, at fifty packets a second each: no decryption, but for
/// one packet in a hundred. Time passes as in life, so the reports that are due are in it.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(200), IterationCount(20)]
public class Silence
{
    // The first few were given seats while there were enough for everyone.
    private const int FirstSilent = 5;
    private const int Members = 101;
    private const int SilentMembers = Members - FirstSilent + 1;
    private const int Frames = 25;
    private const int Packets = Frames * SilentMembers;

    private Lobby? _lobby;
    private long _forwarded;
    private long _unheard;

    private Lobby Room => _lobby ?? throw new InvalidOperationException("Nobody is connected.");

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
    public void A_packet_that_nobody_would_hear_is_let_go_unopened()
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            Room.PassFrame();
            for (var member = 0; member < SilentMembers; member++)
                Room.Turn();
        }
    }

    [IterationCleanup]
    public void Nobody_heard_anything() => Guard.Holds(Room.Forwarded == _forwarded && Room.Unheard - _unheard == Packets);
}
