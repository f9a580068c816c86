using Hype.LoadTest.Options;
using Hype.LoadTest.Signaling;

namespace Hype.LoadTest.Targets;

/// <summary>
/// Puts a deployment of this project under load, through its public signaling (docs/signaling.md) and REST API (docs/rest.md).
/// </summary>
internal sealed class HypeTarget(LoadOptions options) : IVoiceTarget
{
    /// <summary>The default limit of members per channel (Hype:Channels:MaxParticipants).</summary>
    private const int DefaultMaxParticipants = 200;

    private const int MostParticipants = 10_000;

    private readonly TokenSigner _tokens = new(options.Key.Id, options.Key.Secret);
    private readonly List<string> _set = [];
    private HypeDeployment? _deployment;

    public string Name => "hype";

    public async Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop)
    {
        _deployment ??= new HypeDeployment(options.Url, _tokens);
        await _deployment.RequireReadyAsync(stop);
        if (options.Region is { } region)
            await _deployment.RequireRegionAsync(region, stop);
        // Churn leaves before it joins, but a session that ended without a leave counts against the limit for a while.
        var needed = Math.Min(MostParticipants, options.Participants + Math.Max(10, options.Participants / 10));
        foreach (var channel in channels)
        {
            await _deployment.SetAsync(channel, Mode, needed > DefaultMaxParticipants ? needed : null, stop);
            _set.Add(channel);
        }
    }

    public async Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop)
    {
        var session = new HypeSession(options, participant, phases, SignToken(participant));
        try
        {
            await session.JoinAsync(stop);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Restores the channels' default settings.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_deployment is null)
            return;
        try
        {
            foreach (var channel in _set)
                await _deployment.SetAsync(channel, ChannelPolicy.Auto, null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TargetException or HttpRequestException or TaskCanceledException)
        {
            // The deployment went away during the run; the report shows it anyway.
        }

        _deployment.Dispose();
    }

    // Without media a mesh is the quiet mode: the server offers no endpoints that would fail.
    private ChannelPolicy Mode => options.ControlOnly ? ChannelPolicy.P2P : options.Mode;

    private string SignToken(ParticipantSpec participant)
    {
        var grants = new List<string> { "join" };
        if (participant.Speaks)
            grants.Add("speak");
        if (participant.Hears)
            grants.Add("listen");
        return _tokens.Sign(
            participant.Name, participant.Channel, grants, DateTimeOffset.UtcNow + options.Duration + TimeSpan.FromHours(1));
    }
}
