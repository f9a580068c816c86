using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Regions;

/// <summary>The cluster's regions; bound from <c>Hype:Regions</c>.</summary>
public sealed record RegionOptions
{
    public const string Section = "Hype:Regions";

    /// <summary>
    /// Every region with the others from the nearest, as in <c>Hype:Regions:Nearest:eu-west = ["eu-north", "us-east"]</c>.
    /// Default: none; without it each region stands alone. Regions that a list leaves out come after those in it, in the
    /// order of their names.
    /// </summary>
    public Dictionary<string, string[]> Nearest { get; init; } = [];

    /// <summary>Each region's gateways, as clients reach them. The gateways' business: known here so that one file can serve both.</summary>
    public Dictionary<string, string> Gateways { get; init; } = [];

    /// <summary>A node not heard of for this long is forgotten; nodes report each second. Default 5 s, range 2–60 s.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where to look for a node: in the region itself, then in the others from the nearest.</summary>
    public IEnumerable<string> From(string region) =>
        new[] { region }.Concat(Nearest.GetValueOrDefault(region) ?? []).Concat(Nearest.Keys.Order(StringComparer.Ordinal)).Distinct();
}

internal sealed class RegionOptionsValidator : IValidateOptions<RegionOptions>
{
    public ValidateOptionsResult Validate(string? name, RegionOptions options)
    {
        var checks = new OptionChecks(RegionOptions.Section)
            .Range(nameof(options.ForgetAfter), options.ForgetAfter, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60));
        foreach (var (region, nearest) in options.Nearest)
        {
            var key = $"{nameof(options.Nearest)}:{region}";
            checks.Require(nearest.All(options.Nearest.ContainsKey), key, "names a region that is not itself listed.")
                .Require(!nearest.Contains(region), key, "names the region as its own neighbour.")
                .Require(nearest.Distinct().Count() == nearest.Length, key, "names a region twice.");
        }

        return checks.Result();
    }
}
