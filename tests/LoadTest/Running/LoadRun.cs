using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Running;

/// <summary>One run from the first join to the report.</summary>
internal static class LoadRun
{
    public static async Task<int> ExecuteAsync(LoadOptions options, CancellationToken stop)
    {
        await using var target = VoiceTargets.Create(options);
        await target.PrepareAsync(["load-1"], stop);
        return 0;
    }
}
