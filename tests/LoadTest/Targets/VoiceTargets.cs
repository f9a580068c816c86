using Hype.LoadTest.Janus;
using Hype.LoadTest.Options;

namespace Hype.LoadTest.Targets;

/// <summary>The servers that can be put under load, by the names that <c>--target</c> accepts.</summary>
internal static class VoiceTargets
{
    private static readonly Dictionary<string, Func<LoadOptions, IVoiceTarget>> Known = new(StringComparer.Ordinal)
    {
        ["hype"] = options => new HypeTarget(options),
        ["janus"] = options => new JanusTarget(options),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <param name="options">Options with one of <see cref="Names"/> as the target.</param>
    public static IVoiceTarget Create(LoadOptions options) => Known[options.Target](options);
}
