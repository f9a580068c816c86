using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Gateways;

/// <summary>The lease that each gateway holds with each silo; bound from <c>Hype:GatewayLease</c>. It is renewed every second.</summary>
public sealed record GatewayLeaseOptions
{
    public const string Section = "Hype:GatewayLease";

    /// <summary>
    /// The time without an answer of a gateway after which its clients count as disconnected: their resume windows start. Default 4 s,
    /// range 2 s–60 s.
    /// </summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(4);
}

internal sealed class GatewayLeaseOptionsValidator : IValidateOptions<GatewayLeaseOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayLeaseOptions options) => new OptionChecks(GatewayLeaseOptions.Section)
        .Range(nameof(options.LostAfter), options.LostAfter, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60))
        .Result();
}
