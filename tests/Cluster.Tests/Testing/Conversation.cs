using System.Net;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Media;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A channel of talkers with real media endpoints. As many talkers as the room has slots have the floor, and talk without a pause: every
/// pair of listener and speaker then has fifty frames per second, so that a gap is measured to the frame. The floor passes from one group
/// of talkers to the next.
/// </summary>
internal sealed class Conversation : IAsyncDisposable
{
    /// <summary>The number of speakers that a media node forwards at the same time (Hype:Channels:Slots).</summary>
    public const int Slots = 6;

    // The number of consecutive frames after which a speaker counts as heard: half a second.
    private const int SteadyFrames = 25;

    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private static uint _lastNumber;

    private readonly LocalCluster _cluster;
    private readonly IReadOnlyList<Uri>? _gateways;
    private readonly VoiceThread _thread = new(IPAddress.Loopback);
    private readonly List<Talker> _people = [];
    private readonly List<Talker> _floor = [];
    private readonly List<Talker> _muted = [];
    private bool _vanished;

    private Conversation(LocalCluster cluster, string channel, IReadOnlyList<Uri>? gateways) =>
        (_cluster, Channel, _gateways) = (cluster, channel, gateways);

    public string Channel { get; }

    /// <summary>All talkers, in the order of their joins.</summary>
    public IReadOnlyList<Talker> People => _people;

    /// <summary>The talkers that have the floor: they talk, and all other members hear them.</summary>
    public IReadOnlyList<Talker> Floor => _floor;

    /// <summary>
    /// Starts a conversation in a channel of mode <c>sfu</c>: talkers join through all gateways in turn, the first ones get the floor, and
    /// the method waits until all others hear them.
    /// </summary>
    /// <param name="people">The number of talkers.</param>
    /// <param name="regions">The talkers' regions, in turn; empty: all in the region of the cluster's first media node.</param>
    public static Task<Conversation> StartAsync(LocalCluster cluster, string channel, int people, params string[] regions) =>
        StartAsync(cluster, channel, people, gateways: null, regions);

    /// <inheritdoc cref="StartAsync(LocalCluster, string, int, string[])"/>
    /// <param name="gateways">The gateways; null: those of the cluster.</param>
    public static async Task<Conversation> StartAsync(
        LocalCluster cluster, string channel, int people, IReadOnlyList<Uri>? gateways, params string[] regions)
    {
        if (regions.Length == 0)
            regions = [cluster.Nodes.First().Region];
        var conversation = new Conversation(cluster, channel, gateways);
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

    /// <summary>
    /// Starts a conversation whose room is on a certain node of a region, beside the nodes of <c>deploy/local/cluster</c>. The region's
    /// other nodes are stopped meanwhile, and run again afterwards.
    /// </summary>
    public static async Task<Conversation> StartOnAsync(LocalCluster cluster, string node, string region, string channel, int people)
    {
        // The node is the only one of its region while members join, so placement chooses it.
        foreach (var other in cluster.Nodes.Where(other => other.Region == region))
            await cluster.StopAsync(other.Name);
        var conversation = await StartAsync(cluster, channel, people, region);
        try
        {
            await cluster.EnsureCompleteAsync();
            var state = await cluster.BackOffice.GetAsync(channel);
            Assert.That(state.Rooms.Select(room => room.Node), Is.EqualTo(new[] { node }), "the only room is on this node");
            return conversation;
        }
        catch
        {
            await conversation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Silences the current speakers, and lets other talkers speak.</summary>
    public async Task GiveFloorAsync(IEnumerable<Talker> talkers)
    {
        foreach (var talker in _floor)
            await talker.FallSilentAsync();
        _floor.Clear();
        _floor.AddRange(talkers);
        foreach (var talker in _floor)
            talker.TakeFloor();
    }

    /// <summary>Returns a mark of the current moment: the number of frames that each talker has sent so far.</summary>
    public SpeechMark Mark() => new(_people.ToDictionary(talker => talker, talker => talker.Said));

    /// <summary>
    /// Waits until every listener has received half a second of each speaker without a gap, sent after <paramref name="since"/>.
    /// </summary>
    public Task HearEachOtherAsync(SpeechMark since, TimeSpan? limit = null) =>
        Waiting.UntilAsync(
            () => Task.FromResult(Pairs.All(pair => IsSteady(pair, since))),
            limit ?? HearingLimit,
            () => $"in {Channel} not all hear all: {string.Join(", ", Complaints(since).Take(12))}",
            hopeless: () => _people.Exists(talker => talker.Reception.LostReason is not null));

    /// <summary>Mutes a talker as a moderator.</summary>
    public async Task MuteAsync(Talker talker)
    {
        var number = (await _cluster.BackOffice.GetAsync(Channel)).Member(talker.Identity).Number;
        var answer = await _cluster.BackOffice.MuteAsync(Channel, number, muted: true);
        Assert.That(answer.IsSuccess, $"a moderator mutes {talker.Identity}: {(int)answer.Status} {answer.Code}");
        _muted.Add(talker);
    }

    /// <summary>
    /// Gives the floor to one group of talkers after the other, and checks that all other members hear each group. Muted talkers send
    /// audio too, which no member may receive.
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
                Assert.That(
                    _people.Where(listener => listener.Reception.Of(talker.Number, frames => frames.Count) > since.Of(talker)), Is.Empty,
                    $"no member hears {talker.Identity}, a muted member");
            }
        }
    }

    /// <summary>Returns the longest gap of each pair of listener and speaker, from a mark to the newest received frame.</summary>
    public IReadOnlyList<AudioGap> GapsSince(SpeechMark mark) =>
        [.. Pairs.Select(pair => GapOf(pair, mark))];

    /// <summary>Describes each pair of listener and speaker with more than one lost frame since a mark.</summary>
    public string LossesSince(SpeechMark mark)
    {
        var pairs =
            from pair in Pairs
            let gap = GapOf(pair, mark)
            where gap.LostFrames > 1
            let after = gap.FirstLost - mark.Of(pair.Speaker)
            select $"{pair.Listener.Identity} misses {gap.LostFrames} frames of {pair.Speaker.Identity}, at most {gap.Lost} ms in a row,"
                + $" from frame {after} after the mark on";
        return string.Join('\n', pairs);
    }

    /// <summary>Ends all talkers as the death of their process does: they send nothing more.</summary>
    public async Task VanishAsync()
    {
        _thread.Dispose();
        await Task.WhenAll(_people.Select(talker => talker.VanishAsync()));
        _vanished = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_vanished)
            return;
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

    private static AudioGap GapOf((Talker Listener, Talker Speaker) pair, SpeechMark mark) =>
        pair.Listener.Reception.Of(pair.Speaker.Number, frames => AudioGap.Of(frames, mark.Of(pair.Speaker)));

    private async Task JoinAsync(string region, CancellationToken stop)
    {
        var talker = new Talker(Interlocked.Increment(ref _lastNumber), _thread);
        await talker.JoinAsync(_cluster.NewTarget(region, gateways: _gateways), Channel, stop);
        _people.Add(talker);
    }

    private static bool IsSteady((Talker Listener, Talker Speaker) pair, SpeechMark since) =>
        pair.Listener.Reception.Of(pair.Speaker.Number, frames => frames.IsSteadyFrom(since.Of(pair.Speaker), SteadyFrames));

    private IEnumerable<string> Complaints(SpeechMark since)
    {
        foreach (var talker in _people.Where(talker => talker.Reception.LostReason is not null))
            yield return $"{talker.Identity} has lost its session ({talker.Reception.LostReason})";
        foreach (var (listener, speaker) in Pairs.Where(pair => !IsSteady(pair, since)))
            yield return $"{listener.Identity} has {speaker.Identity} up to "
                + $"{listener.Reception.Of(speaker.Number, frames => frames.Count)} of {speaker.Said}";
    }
}

/// <summary>A moment of a conversation: the number of frames that each talker had sent by then.</summary>
internal sealed class SpeechMark(IReadOnlyDictionary<Talker, int> said)
{
    public int Of(Talker talker) => said[talker];
}
