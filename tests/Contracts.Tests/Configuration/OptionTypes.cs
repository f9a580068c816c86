using System.Reflection;

namespace Hype.Contracts.Tests.Configuration;

/// <summary>The options types of all processes: the types that declare a configuration section.</summary>
internal static class OptionTypes
{
    public static readonly (Type Type, string Section)[] All =
    [
        .. new[] { "Hype.Gateway", "Hype.Grains", "Hype.Clustering", "Hype.Silo", "Hype.MediaNode" }
            .SelectMany(assembly => Assembly.Load(assembly).GetTypes())
            .Select(type => (Type: type, Section: type.GetField("Section")?.GetRawConstantValue() as string))
            .Where(options => options.Section is not null && options.Type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(options => (options.Type, options.Section!)),
    ];

    public static IEnumerable<string> Sections => All.Select(options => options.Section);
}
