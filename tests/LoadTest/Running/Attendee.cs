using Hype.LoadTest.Media;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Running;

/// <summary>
/// A place that one participant at a time fills: a channel, an index among the channel's speakers, and a media thread. A participant
/// that replaces another one takes over its place.
/// </summary>
/// <param name="Speaker">The index among the channel's speakers, from 0; null: a listener.</param>
internal sealed record Place(Channel Channel, int? Speaker, bool Hears, VoiceThread Thread, VoiceTally Tally);

/// <summary>The result of a join: the times of its phases, and the reason of a failure; without a reason, the join succeeded.</summary>
/// <param name="Failure">The reason why the join failed; null: it succeeded.</param>
internal sealed record JoinOutcome(JoinPhases Phases, string? Failure);

/// <summary>One simulated participant, from its join to its leave.</summary>
internal sealed class Attendee(uint number, Place place, int payloadLength)
{
    // Time for the frames before a leave to arrive.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(300);

    private IVoiceParticipant? _participant;
    private Mouth? _mouth;

    public Place Place => place;

    public Ear Ear { get; } = new(number, place.Tally, place.Channel.IsHostile);

    public uint Number => number;

    /// <summary>The time at which the join began, in µs.</summary>
    public long JoinedAt { get; private set; }

    public bool IsIn => _participant is not null && Ear.LostReason is null;

    public async Task<JoinOutcome> JoinAsync(IVoiceTarget target, CancellationToken stop)
    {
        JoinedAt = PeerDriver.Now;
        var phases = new JoinPhases(JoinedAt);
        IVoiceParticipant participant;
        try
        {
            var spec = new ParticipantSpec(number, place.Channel.Name, place.Speaker is not null, place.Hears, place.Thread, Ear);
            participant = await target.JoinAsync(spec, phases, stop);
        }
        catch (JoinFailedException exception)
        {
            return new JoinOutcome(phases, exception.Reason);
        }

        if (place.Speaker is { } speaker)
        {
            var phase = number * 7919L % 20_000; // a prime, so that speakers spread over the 20 ms
            _mouth = new Mouth(participant, place.Channel.NewLog(number, place.Tally.Start), place.Channel.TurnsOf(speaker), payloadLength,
                phase, place.Tally);
            place.Thread.Add(_mouth);
        }

        // Last: a joined participant may be made to leave at once, and then has a voice to stop.
        Volatile.Write(ref _participant, participant);
        return new JoinOutcome(phases, null);
    }

    /// <summary>Stops the participant's speech. Frames that other participants send from now on are no longer expected.</summary>
    public async Task FallSilentAsync()
    {
        if (_mouth is { } mouth)
            await place.Thread.RemoveAsync(mouth);
        _mouth = null;
        Ear.StopExpecting(PeerDriver.Now);
    }

    /// <summary>Leaves the channel. The participant counts as absent from this call on; a second call does nothing.</summary>
    public async Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref _participant, null) is not { } participant)
            return;
        await FallSilentAsync();
        await Task.Delay(Linger);
        await participant.DisposeAsync();
    }
}
