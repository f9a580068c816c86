using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Regions;

/// <summary>The regions of the cluster; bound from <c>Hype:Regions</c>.</summary>
public sealed record RegionOptions
{
    public const string Section = "Hype:Regions";

    /// <summary>
    /// Each region with the other regions, the nearest first, as in <c>Hype:Regions:Nearest:eu-west = ["eu-north", "us-east"]</c>.
    /// Default: none; without it each region is alone. Regions that a list leaves out come last, in the order of their names.
    /// </summary>
    public Dictionary<string, string[]> Nearest { get; init; } = [];

    /// <summary>
    /// The URL of each region's gateways for clients. Only gateways use it; it is also valid here so that one file can serve both.
    /// </summary>
    public Dictionary<string, string> Gateways { get; init; } = [];

    /// <summary>A node without a report for this long is removed; nodes report each second. Default 5 s, range 2–60 s.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Returns the regions in which a room of the given region may be placed, in the order of the search: the region itself, then the
    /// others from the nearest.
    /// </summary>
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
