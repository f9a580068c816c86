using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.MediaNodes;

/// <summary>When a media node counts as gone; bound from <c>Hype:NodeLease</c>. Nodes beat every 250 ms.</summary>
public sealed record NodeLeaseOptions
{
    public const string Section = "Hype:NodeLease";

    /// <summary>Silence after which the node is probed. Default 1 s, range 300 ms–60 s.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long that one probe may take. Default 300 ms, range 50 ms–10 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a command to a node may take. Default 2 s, range 100 ms–30 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

internal sealed class NodeLeaseOptionsValidator : IValidateOptions<NodeLeaseOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeLeaseOptions options) => new OptionChecks(NodeLeaseOptions.Section)
        .Range(nameof(options.SuspectAfter), options.SuspectAfter, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(60))
        .Range(nameof(options.ProbeTimeout), options.ProbeTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10))
        .Range(nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Result();
}
