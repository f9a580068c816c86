using Hype.Hosting.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Hype.Clustering;

/// <summary>The cluster of this process; bound from <c>Hype:Cluster</c>. The same for all silos and gateways of one cluster.</summary>
public sealed record ClusterOptions
{
    public const string Section = "Hype:Cluster";

    /// <summary>The provider without a cluster: silo, gateway and media node run in one process.</summary>
    public const string Embedded = "Embedded";

    /// <summary>The provider of a cluster: its processes find each other through Redis and store grain state in PostgreSQL.</summary>
    public const string RedisProvider = "Redis";

    /// <summary>
    /// <c>Embedded</c> (default): the silo and a media node run in the gateway's process, state is in SQLite. <c>Redis</c>: silos,
    /// gateways and media nodes are separate processes, state is in PostgreSQL.
    /// </summary>
    public string Provider { get; init; } = Embedded;

    /// <summary>
    /// Address of the Redis that lists the members of the cluster, as StackExchange.Redis expects it: <c>host:port</c>, several with
    /// commas, followed by options such as <c>password=…</c> and <c>ssl=true</c>. Required with <c>Redis</c>. No default.
    /// </summary>
    public string Redis { get; init; } = "";

    /// <summary>
    /// Name of this cluster among others in the same Redis, 1–64 characters. A new name while silos run creates a second cluster. Default
    /// <c>hype</c>.
    /// </summary>
    public string ClusterId { get; init; } = "hype";

    /// <summary>
    /// Name of this cluster's rows in the database, 1–64 characters; under another name all state is empty. Default <c>hype</c>.
    /// </summary>
    public string ServiceId { get; init; } = "hype";

    /// <summary>
    /// Interval and timeout of the probes between silos; adapted to measured latencies, between half and four thirds of this value. A
    /// silo whose process ends is declared dead after three missed probes, and a silo whose host vanishes or stalls after a silence of
    /// four to five times this value. Use a longer interval if machines stall. Default 750 ms, range 200 ms–30 s.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>
    /// Orleans' own dashboard at <c>/admin/orleans/</c> of the gateways, for administrators; silos collect its data. Default true.
    /// </summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>
    /// Returns the value of <see cref="Dashboard"/> from the unbound configuration: Orleans is configured while the application is built,
    /// before options are validated.
    /// </summary>
    public static bool HasDashboard(IConfiguration configuration) =>
        !bool.TryParse(configuration[$"{Section}:{nameof(Dashboard)}"], out var wanted) || wanted;

    public static bool IsEmbedded(IConfiguration configuration) =>
        IsEmbedded(configuration[$"{Section}:{nameof(Provider)}"] ?? Embedded);

    public static bool IsEmbedded(string provider) => string.Equals(provider, Embedded, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the options as text without the connection string, which may hold a password.</summary>
    public override string ToString() => $"ClusterOptions {{ {Provider}, {ClusterId}, {ServiceId} }}";
}

internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    private const int MaxName = 64;

    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        var embedded = ClusterOptions.IsEmbedded(options.Provider);
        var redis = string.Equals(options.Provider, ClusterOptions.RedisProvider, StringComparison.OrdinalIgnoreCase);
        return new OptionChecks(ClusterOptions.Section)
            .Require(embedded || redis, nameof(options.Provider),
                $"is '{options.Provider}', but must be {ClusterOptions.Embedded} or {ClusterOptions.RedisProvider}.")
            .Require(!redis || IsConnection(options.Redis), nameof(options.Redis),
                "must be host:port, several with commas, options such as ssl=true after them.")
            .Require(options.ClusterId is { Length: >= 1 and <= MaxName }, nameof(options.ClusterId), "must have 1-64 characters.")
            .Require(options.ServiceId is { Length: >= 1 and <= MaxName }, nameof(options.ServiceId), "must have 1-64 characters.")
            .Range(nameof(options.ProbeTimeout), options.ProbeTimeout, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30))
            .Result();
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            // The parser's message would repeat the value, which may contain a password.
            return false;
        }
    }
}
