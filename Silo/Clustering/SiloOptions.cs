using System.Net;
using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Silo.Clustering;

/// <summary>The silo of this process; bound from <c>Hype:Silo</c>.</summary>
public sealed record SiloOptions
{
    public const string Section = "Hype:Silo";

    /// <summary>The region of this silo, 1–64 characters: channels are placed near their first members. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>
    /// The IP address at which other silos and the gateways reach this one. Default <c>127.0.0.1</c>. Not used in the embedded mode.
    /// </summary>
    public string AdvertisedAddress { get; init; } = "127.0.0.1";

    /// <summary>
    /// Makes the silo listen on every address, not only on the advertised one; containers with a translated address need it. Default
    /// false.
    /// </summary>
    public bool ListenOnAll { get; init; }

    /// <summary>Port between silos. Default 0; 0 takes a free one, which other silos read in Redis. Range 0–65,535.</summary>
    public int SiloPort { get; init; }

    /// <summary>
    /// Port for Orleans clients: the gateways. Default 0; 0 takes a free one, which gateways read in Redis. Range 0–65,535.
    /// </summary>
    public int GatewayPort { get; init; }

    /// <summary>
    /// Address of <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>: keep it private. Default <c>http://127.0.0.1:8083</c>;
    /// port 0 takes a free one. Not used in the embedded mode.
    /// </summary>
    public string Url { get; init; } = "http://127.0.0.1:8083";
}

internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options) => new OptionChecks(SiloOptions.Section)
        .Require(options.Region is { Length: >= 1 and <= 64 }, nameof(options.Region), "must have 1-64 characters.")
        .Require(IsReachable(options.AdvertisedAddress), nameof(options.AdvertisedAddress),
            $"is '{options.AdvertisedAddress}', but must be the IP address at which others reach this silo.")
        .Range(nameof(options.SiloPort), options.SiloPort, IPEndPoint.MinPort, IPEndPoint.MaxPort)
        .Range(nameof(options.GatewayPort), options.GatewayPort, IPEndPoint.MinPort, IPEndPoint.MaxPort)
        .Require(options.SiloPort == 0 || options.SiloPort != options.GatewayPort, nameof(options.GatewayPort),
            $"must differ from {nameof(options.SiloPort)}.")
        .Require(ListenAddress.Is(options.Url), nameof(options.Url), ListenAddress.Requirement(options.Url))
        .Result();

    private static bool IsReachable(string text) =>
        IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
}
