using BenchmarkDotNet.Attributes;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures, per packet, the selection of speakers for the slots and of the dominant speaker, in channels of several sizes.
/// </summary>
[MemoryDiagnoser]
public class Selection
{
    private const int Slots = 3;

    private readonly DominantSpeaker _dominant = new();
    private LoudestSpeakers _loudest = new(Slots + 1);
    private SpeakerGate[] _gates = [];
    private Conversation _conversation = new(members: 10);

    [Params(10, 100, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Gather()
    {
        _conversation = new Conversation(Members);
        _loudest = new LoudestSpeakers(Slots + 1);
        _loudest.Limit(Slots, keepSilent: false);
        _gates = new SpeakerGate[Members + 1];
        for (var member = 1; member <= Members; member++)
        {
            _loudest.Add(new MemberNumber((uint)member));
            _dominant.Add(new MemberNumber((uint)member));
            _gates[member] = new SpeakerGate();
        }
    }

    /// <summary>
    /// Passes the next packet through the gate of its member (<see cref="SpeakerGate"/>), which decides whether to decrypt it. Most
    /// members are silent.
    /// </summary>
    [Benchmark]
    public bool The_gate_decides_whether_a_packet_is_decrypted()
    {
        _conversation.NextPacket();
        var gate = _gates[_conversation.Member];
        var opens = gate.Opens(_loudest.SlotOf(_conversation.Number) is not null, _conversation.Level, voice: false,
            _conversation.Sequence, _conversation.Now);
        if (opens)
            gate.Authenticated(_conversation.Sequence, _conversation.Now);
        return opens;
    }

    [Benchmark]
    public bool A_packet_is_compared_with_the_speakers_in_the_slots()
    {
        _conversation.NextWord();
        return _loudest.Observe(_conversation.Number, _conversation.Level, voice: true, _conversation.Now);
    }

    [Benchmark]
    public bool A_packet_is_compared_with_the_dominant_speaker()
    {
        _conversation.NextWord();
        return _dominant.Observe(_conversation.Number, _conversation.Level, voice: true, _conversation.Now);
    }
}
