using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

/// <summary>Which cluster this process belongs to; bound from <c>Hype:Cluster</c>.</summary>
public sealed record ClusterOptions
{
    public const string Section = "Hype:Cluster";

    /// <summary>The only provider so far: the silo and a media node live in this process.</summary>
    public const string Embedded = "Embedded";

    /// <summary>Default and only value: <see cref="Embedded"/>.</summary>
    public string Provider { get; init; } = Embedded;

    public static bool IsEmbedded(IConfiguration configuration) =>
        string.Equals(configuration[$"{Section}:{nameof(Provider)}"] ?? Embedded, Embedded, StringComparison.OrdinalIgnoreCase);
}

internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        var errors = new OptionErrors(ClusterOptions.Section);
        errors.Require(string.Equals(options.Provider, ClusterOptions.Embedded, StringComparison.OrdinalIgnoreCase), nameof(options.Provider),
            $"is '{options.Provider}', but must be {ClusterOptions.Embedded}.");
        return errors.Result();
    }
}
