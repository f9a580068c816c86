using System.Collections.Concurrent;
using Hype.LoadTest.Media;
using Hype.LoadTest.Options;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Running;

/// <summary>All participants of a run, present and former, with their channels and media threads.</summary>
internal sealed class Crowd : IDisposable
{
    // One thread can poll this many sockets within its period of 1 ms.
    private const int PeersPerThread = 200;

    // µs; a longer conversation repeats.
    private const long PlanLength = 600_000_000;

    private readonly LoadOptions _options;
    private readonly IVoiceTarget _target;
    private readonly VoiceThread[] _threads;
    private readonly VoiceTally[] _tallies;
    private readonly ConcurrentQueue<Attendee> _attendees = [];
    private readonly ConcurrentQueue<JoinOutcome> _joins = [];
    private uint _lastNumber;
    private int _lastThread;

    public Crowd(LoadOptions options, IVoiceTarget target)
    {
        (_options, _target) = (options, target);
        Start = PeerDriver.Now;
        var threads = options.ControlOnly ? 1
            : Math.Clamp((options.TotalParticipants + PeersPerThread - 1) / PeersPerThread, 1, Environment.ProcessorCount);
        var weather = options.PacketLoss > 0 || options.Jitter > TimeSpan.Zero
            ? new Weather(options.PacketLoss, options.Jitter, options.Seed) : null;
        _threads = [.. Enumerable.Range(0, threads)
            .Select(_ => new VoiceThread(options.LocalAddress, weather is null ? null : weather.NewPath, options.Sweep))];
        _tallies = [.. _threads.Select(_ => new VoiceTally(Start))];
    }

    /// <summary>The time at which second 0 of the run began, in µs.</summary>
    public long Start { get; }

    public IReadOnlyList<VoiceTally> Tallies => _tallies;

    /// <summary>All participants that have tried to join, including failed and former ones.</summary>
    public IReadOnlyCollection<Attendee> Everyone => _attendees;

    public IReadOnlyCollection<JoinOutcome> Joins => _joins;

    /// <summary>
    /// Returns the places of all channels in the order of the joins: the first place of each channel, then the second one, so that all
    /// channels grow at the same time. The speakers' places come first.
    /// </summary>
    public IEnumerable<Place> Places()
    {
        var channels = Enumerable.Range(0, _options.Channels).Select(NewChannel).ToArray();
        return from seat in Enumerable.Range(0, _options.Participants)
               from channel in channels
               select NewPlace(channel, seat);
    }

    /// <summary>Creates the hostile member of the first channel, which has not joined yet; null: the run has none.</summary>
    public HostileMember? NewHostileMember() => _options.HostileRate == 0
        ? null
        : new HostileMember(_options, _target, _attendees.First().Place.Channel, Interlocked.Increment(ref _lastNumber));

    /// <summary>Creates one more channel and returns its places.</summary>
    public IEnumerable<Place> PlacesOf(int channelIndex)
    {
        var channel = NewChannel(channelIndex);
        return Enumerable.Range(0, _options.Participants).Select(seat => NewPlace(channel, seat));
    }

    /// <returns>The participant; null: it did not join. A cancelled join counts neither as joined nor as failed.</returns>
    public async Task<Attendee?> JoinAsync(Place place, CancellationToken stop)
    {
        var attendee = new Attendee(Interlocked.Increment(ref _lastNumber), place, _options.Payload);
        _attendees.Enqueue(attendee);
        try
        {
            var outcome = await attendee.JoinAsync(_target, stop);
            _joins.Enqueue(outcome);
            return outcome.Failure is null ? attendee : null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Makes all participants stop talking, receive the frames in flight, and leave.</summary>
    public async Task LeaveAsync()
    {
        await Task.WhenAll(_attendees.Select(attendee => attendee.FallSilentAsync()));
        await Task.WhenAll(_attendees.Select(attendee => attendee.LeaveAsync()));
        foreach (var attendee in _attendees)
            attendee.Ear.EndSwitch();
    }

    public void Dispose()
    {
        foreach (var thread in _threads)
            thread.Dispose();
    }

    public static string NameOf(LoadOptions options, int channelIndex) => $"{options.Prefix}-{channelIndex + 1}";

    private Channel NewChannel(int index) => new(
        NameOf(_options, index),
        _options.Talk == TalkPattern.Turns ? new TurnPlan(Math.Max(1, _options.Speakers), PlanLength, SeedOf(_options.Seed, index))
            : null);

    private Place NewPlace(Channel channel, int seat)
    {
        var thread = _lastThread++ % _threads.Length;
        int? speaker = seat < _options.Speakers && !_options.ControlOnly ? seat : null;
        return new Place(channel, speaker, speaker is null || !_options.DeafSpeakers, _threads[thread], _tallies[thread]);
    }

    private static int SeedOf(int seed, int index) => unchecked((seed * 1_000_003) + index);
}
