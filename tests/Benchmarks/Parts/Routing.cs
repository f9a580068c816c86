using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// The whole journey but for the kernel, a worker's turn for each packet: receive, find the member, parse, select, decrypt, and for
/// each of a hundred receivers map, write the header and encrypt. Reports are due as in life: about one for a hundred copies.
/// </summary>
[MemoryDiagnoser]
public class Routing
{
    private const int Speaker = 1;
    private const int Receivers = 100;

    // The last to come: the first few were given a seat while there were enough for everyone.
    private const int Silent = Receivers + 1;
    private const int Packets = 250;

    private Lobby? _lobby;
    private long _forwarded;
    private long _unheard;

    [Params(SrtpProfiles.Gcm128, SrtpProfiles.Gcm256, SrtpProfiles.CounterMode)]
    public string Profile { get; set; } = "";

    private Lobby Room => _lobby ?? throw new InvalidOperationException("Nobody is connected.");

    [GlobalSetup]
    public void Connect() => _lobby = new Lobby(Receivers + 1, SrtpProfiles.OpenSslNameOf(Profile), waiting: Packets);

    [GlobalCleanup]
    public void Leave() => Room.Dispose();

    [IterationSetup(Target = nameof(A_packet_goes_to_a_hundred_receivers))]
    public void Speak() => Say(Speaker, Voice.Loud);

    [IterationCleanup(Target = nameof(A_packet_goes_to_a_hundred_receivers))]
    public void Everything_was_forwarded() => Guard.Holds(Room.Forwarded - _forwarded == Packets * Receivers);

    [Benchmark(OperationsPerInvoke = Packets)]
    public void A_packet_goes_to_a_hundred_receivers() => Turn();

    [IterationSetup(Target = nameof(A_packet_that_nobody_would_hear_is_let_go_unopened))]
    public void Breathe() => Say(Silent, Voice.Silent);

    [IterationCleanup(Target = nameof(A_packet_that_nobody_would_hear_is_let_go_unopened))]
    public void Nothing_was_forwarded() => Guard.Holds(Room.Forwarded == _forwarded && Room.Unheard - _unheard == Packets);

    /// <summary>But one in a hundred, for the rollover counter.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public void A_packet_that_nobody_would_hear_is_let_go_unopened() => Turn();

    private void Say(int member, byte minusDbov)
    {
        Room.Check();
        (_forwarded, _unheard) = (Room.Forwarded, Room.Unheard);
        for (var i = 0; i < Packets; i++)
            Room[member].Say(minusDbov);
    }

    private void Turn()
    {
        for (var i = 0; i < Packets; i++)
            Room.Turn();
    }
}
