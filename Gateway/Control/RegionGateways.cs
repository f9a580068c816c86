using Hype.Gateway.Cluster;
using Hype.Gateway.Configuration;
using Hype.Gateway.Control.Models;
using Hype.Hosting.Options;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Control;

/// <summary>
/// The public addresses of each region's gateways; bound from <c>Hype:Regions</c>, whose other keys belong to the grains.
/// </summary>
public sealed record RegionGatewayOptions
{
    public const string Section = "Hype:Regions";

    /// <summary>
    /// The address of the gateways in each region, http(s): <c>Hype:Regions:Gateways:eu-west = https://eu.voice.example.org</c>. Default:
    /// none; then clients measure no region, and belong to the region of the gateway that they connect to.
    /// </summary>
    public Dictionary<string, string> Gateways { get; init; } = [];
}

internal sealed class RegionGatewayOptionsValidator : IValidateOptions<RegionGatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, RegionGatewayOptions options)
    {
        var checks = new OptionChecks(RegionGatewayOptions.Section);
        foreach (var (region, gateway) in options.Gateways)
        {
            checks.Require(
                GatewayAddress.IsValid(gateway), $"{nameof(options.Gateways)}:{region}",
                $"is '{gateway}', which is not a gateway's address such as https://eu.voice.example.org.");
        }

        return checks.Result();
    }
}

/// <summary>The list of regions to which a client can measure round trips.</summary>
internal sealed class RegionGateways(RegionNames regions, IOptions<RegionGatewayOptions> options, IOptions<GatewayOptions> gateway)
{
    /// <summary>
    /// The relative URL that stands for this gateway: it need not know its public address, because the caller has just used it.
    /// </summary>
    private const string Self = "/";

    public RegionGateway[] All { get; } =
    [
        .. from region in regions.All
           let url = options.Value.Gateways.GetValueOrDefault(region.Value) ?? (region.Value == gateway.Value.Region ? Self : null)
           where url is not null
           select new RegionGateway(region.Value, url),
    ];
}

internal static class RegionGatewayHosting
{
    public static void AddRegionGateways(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RegionGatewayOptions>, RegionGatewayOptionsValidator>());
        // The binding ignores unknown keys, because the section has keys of the grains too, which refuse unknown ones.
        services.AddOptions<RegionGatewayOptions>().BindConfiguration(RegionGatewayOptions.Section).ValidateOnStart();
        services.AddSingleton<RegionGateways>();
    }
}
