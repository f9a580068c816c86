using Hype.Gateway.Control.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>The regions with their gateways: what a client measures before it joins. Public, as the gateways are.</summary>
internal static class RegionsApi
{
    public static void MapRegions(this IEndpointRouteBuilder api) => api.MapGet("/regions", (RegionGateways regions) => List(regions));

    private static Ok<RegionGateway[]> List(RegionGateways regions) => TypedResults.Ok(regions.All);
}
