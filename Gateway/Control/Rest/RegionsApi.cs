using Hype.Gateway.Control.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>
/// Lists the regions with their gateways, to which a client measures round trips before it joins. The route needs no token, because the
/// gateways' addresses are public.
/// </summary>
internal static class RegionsApi
{
    public static void MapRegions(this IEndpointRouteBuilder api) => api.MapGet("/regions", (RegionGateways regions) => List(regions));

    private static Ok<RegionGateway[]> List(RegionGateways regions) => TypedResults.Ok(regions.All);
}
