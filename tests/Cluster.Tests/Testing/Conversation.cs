using System.Net;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Media;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A channel of members with real transports. As many members as there are slots have the floor and talk without a pause, so that every
/// pair of listener and speaker has fifty frames a second, and gaps are known to the frame. The floor passes from member to member.
/// </summary>
internal sealed class Conversation : IAsyncDisposable
{
    /// <summary>The number of speakers that a media node forwards at a time (Hype:Channels:Slots).</summary>
    public const int Slots = 6;

    // Consecutive frames: half a second.
    private const int SteadyFrames = 25;

    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private static uint _lastNumber;

    private readonly LocalCluster _cluster;
    private readonly VoiceThread _thread = new(IPAddress.Loopback);
    private readonly List<Talker> _people = [];
    private readonly List<Talker> _floor = [];
    private readonly List<Talker> _muted = [];

    private Conversation(LocalCluster cluster, string channel) => (_cluster, Channel) = (cluster, channel);

    public string Channel { get; }

    public IReadOnlyList<Talker> People => _people;

    /// <summary>The current speakers.</summary>
    public IReadOnlyList<Talker> Floor => _floor;

    /// <summary>Lets members join a forwarded channel through all gateways in turn; the first ones speak, and all hear them.</summary>
    /// <param name="regions">The people's regions, in turn; empty: all in the region of the cluster's first media node.</param>
    public static async Task<Conversation> StartAsync(LocalCluster cluster, string channel, int people, params string[] regions)
    {
        if (regions.Length == 0)
            regions = [cluster.Nodes.First().Region];
        var conversation = new Conversation(cluster, channel);
        try
        {
            await cluster.BackOffice.SetAsync(channel, "sfu");
            using var limit = new CancellationTokenSource(JoinLimit);
            for (var index = 0; index < people; index++)
                await conversation.JoinAsync(regions[index % regions.Length], limit.Token);
            await conversation.GiveFloorAsync(conversation._people.Take(Slots));
            await conversation.HearEachOtherAsync(conversation.Mark());
            return conversation;
        }
        catch
        {
            await conversation.DisposeAsync();
            throw;
        }
    }

    public async Task GiveFloorAsync(IEnumerable<Talker> talkers)
    {
        foreach (var talker in _floor)
            await talker.FallSilentAsync();
        _floor.Clear();
        _floor.AddRange(talkers);
        foreach (var talker in _floor)
            talker.TakeFloor();
    }

    /// <summary>Starts to count frames from here.</summary>
    public SpeechMark Mark() => new(_people.ToDictionary(talker => talker, talker => talker.Said));

    /// <summary>
    /// Waits until all members hear all speakers: half a second of each without a gap, sent after <paramref name="since"/>.
    /// </summary>
    public Task HearEachOtherAsync(SpeechMark since, TimeSpan? limit = null) =>
        Waiting.UntilAsync(
            () => Task.FromResult(Pairs.All(pair => IsSteady(pair, since))),
            limit ?? HearingLimit,
            () => $"in {Channel} not all hear all: {string.Join(", ", Complaints(since).Take(12))}",
            hopeless: () => _people.Exists(talker => talker.Ear.LostReason is not null));

    /// <summary>Mutes a member as a moderator.</summary>
    public async Task MuteAsync(Talker talker)
    {
        var number = (await _cluster.BackOffice.GetAsync(Channel)).Member(talker.Identity).Number;
        var answer = await _cluster.BackOffice.MuteAsync(Channel, number, muted: true);
        Assert.That(answer.IsSuccess, $"a moderator mutes {talker.Identity}: {(int)answer.Status} {answer.Code}");
        _muted.Add(talker);
    }

    /// <summary>
    /// Passes the floor on until every member has had it, so that all pairs are covered and not only those of the first speakers. A muted
    /// member talks too, without being heard.
    /// </summary>
    public async Task AllHearAllAsync()
    {
        foreach (var group in _people.Except(_muted).Chunk(Slots - 1))
        {
            foreach (var talker in _muted.Except(_floor))
                talker.TakeFloor();
            var since = Mark();
            await GiveFloorAsync(group);
            await HearEachOtherAsync(Mark());
            foreach (var talker in _muted)
            {
                await talker.FallSilentAsync();
                Assert.That(_people.Where(listener => listener.Ear.Of(talker.Number, frames => frames.Count) > since.Of(talker)), Is.Empty,
                    $"no member hears {talker.Identity}, a muted member");
            }
        }
    }

    /// <summary>Returns the gaps of each listener and speaker, from a mark until the newest received frame.</summary>
    public IReadOnlyList<AudioGap> GapsSince(SpeechMark mark) =>
        [.. Pairs.Select(pair => pair.Listener.Ear.Of(pair.Speaker.Number, frames => AudioGap.Of(frames, mark.Of(pair.Speaker))))];

    public async ValueTask DisposeAsync()
    {
        foreach (var talker in _people)
            await talker.FallSilentAsync();
        await Task.WhenAll(_people.Select(talker => talker.DisposeAsync().AsTask()));
        _thread.Dispose();
    }

    private IEnumerable<(Talker Listener, Talker Speaker)> Pairs =>
        from listener in _people
        from speaker in _floor
        where listener != speaker
        select (listener, speaker);

    private async Task JoinAsync(string region, CancellationToken stop)
    {
        var talker = new Talker(Interlocked.Increment(ref _lastNumber), _thread);
        await talker.JoinAsync(_cluster.NewTarget(region), Channel, stop);
        _people.Add(talker);
    }

    private static bool IsSteady((Talker Listener, Talker Speaker) pair, SpeechMark since) =>
        pair.Listener.Ear.Of(pair.Speaker.Number, frames => frames.IsSteadyFrom(since.Of(pair.Speaker), SteadyFrames));

    private IEnumerable<string> Complaints(SpeechMark since)
    {
        foreach (var talker in _people.Where(talker => talker.Ear.LostReason is not null))
            yield return $"{talker.Identity} is out ({talker.Ear.LostReason})";
        foreach (var (listener, speaker) in Pairs.Where(pair => !IsSteady(pair, since)))
            yield return $"{listener.Identity} has {speaker.Identity} up to "
                + $"{listener.Ear.Of(speaker.Number, frames => frames.Count)} of {speaker.Said}";
    }
}

/// <summary>The number of frames of each speaker at one instant.</summary>
internal sealed class SpeechMark(IReadOnlyDictionary<Talker, int> said)
{
    public int Of(Talker talker) => said[talker];
}
