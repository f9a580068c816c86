using Hype.LoadTest.Options;

namespace Hype.LoadTest.Targets;

/// <summary>A deployment of this project, through its public signaling (docs/signaling.md).</summary>
internal sealed class HypeTarget(LoadOptions options) : IVoiceTarget
{
    public string Name => "hype";

    public async Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = options.Url };
        try
        {
            using var answer = await http.GetAsync("/health/ready", stop);
            answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException error)
        {
            throw new TargetException($"No gateway is ready at {options.Url}: start one there, or say where with --url.", error);
        }
    }

    public Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop) =>
        Task.FromException<IVoiceParticipant>(new JoinFailedException("unsupported", "Joins come with the next commit."));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
