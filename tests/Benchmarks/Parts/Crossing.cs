using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures the whole path, except for the kernel, from a publisher in one room over a link to the members of another room: one pass of
/// the loop of the worker that sends over the link, and one pass of the loop of the worker that forwards to a hundred receivers. Due
/// keepalives and reports are included.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(40), IterationCount(20)]
public class Crossing
{
    private const int Receivers = 100;
    private const int Speaker = 1;
    private const int FirstReceiver = 1000;
    private const int Frames = 250;

    // The link also carries a keepalive per second in each direction.
    private const int Waiting = Frames + 10;

    private Lobby? _near;
    private Lobby? _far;
    private long _forwarded;

    private Lobby Near => _near ?? throw new InvalidOperationException("No member is connected.");

    private Lobby Far => _far ?? throw new InvalidOperationException("No member is connected.");

    [GlobalSetup]
    public void Connect()
    {
        var profile = SrtpProfiles.OpenSslNameOf(SrtpProfiles.Gcm128);
        (_near, _far) = (new Lobby(1, profile, Waiting, Speaker), new Lobby(Receivers, profile, Waiting, FirstReceiver));
        Lobby.Link(_near, _far);
    }

    [GlobalCleanup]
    public void Leave()
    {
        Near.Dispose();
        Far.Dispose();
    }

    [IterationSetup]
    public void Speak()
    {
        Near.Check();
        Far.Check();
        _forwarded = Far.Forwarded;
        for (var frame = 0; frame < Frames; frame++)
            Near[Speaker].Say(Voice.Loud);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void A_packet_crosses_a_link_to_a_hundred_receivers()
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            Near.PassFrame();
            Far.PassFrame();
            Near.Turn();
            Far.TurnAll();
        }
    }

    [IterationCleanup]
    public void All_members_received_all_packets()
    {
        Near.TurnAll();
        Far.TurnAll();
        Guard.Holds(Far.Forwarded - _forwarded == Frames * Receivers);
    }
}
