using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Placement;

/// <summary>The options for the choice of a room's media node; bound from <c>Hype:Placement</c>.</summary>
public sealed record PlacementOptions
{
    public const string Section = "Hype:Placement";

    /// <summary>A node above this load takes a room only if all nodes are above it. Default 0.8, range 0.05–1.</summary>
    public double LoadLimit { get; init; } = 0.8;
}

internal sealed class PlacementOptionsValidator : IValidateOptions<PlacementOptions>
{
    public ValidateOptionsResult Validate(string? name, PlacementOptions options) => new OptionChecks(PlacementOptions.Section)
        .Range(nameof(options.LoadLimit), options.LoadLimit, 0.05, 1)
        .Result();
}
