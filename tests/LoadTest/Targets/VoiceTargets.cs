using Hype.LoadTest.Janus;
using Hype.LoadTest.Options;

namespace Hype.LoadTest.Targets;

/// <summary>The servers that can be put under load, by the name that <c>--target</c> takes.</summary>
internal static class VoiceTargets
{
    private static readonly Dictionary<string, Func<LoadOptions, IVoiceTarget>> Known = new(StringComparer.Ordinal)
    {
        ["hype"] = options => new HypeTarget(options),
        ["janus"] = options => new JanusTarget(options),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <param name="options">With one of <see cref="Names"/> as its target.</param>
    public static IVoiceTarget Create(LoadOptions options) => Known[options.Target](options);
}
