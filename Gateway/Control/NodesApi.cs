using Hype.Gateway.Auth;
using Hype.Gateway.Hosting;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control;

/// <summary>Media nodes: how they are, and emptying one before it is stopped.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes", ListAsync).RequireAdministratorToRead();
        api.MapGet("/nodes/{node}", GetAsync).RequireAdministratorToRead();
        api.MapPost("/nodes/{node}/drain", (string node, GrainAccess grains) => DrainAsync(node, grains, draining: true)).RequireAdministrator();
        api.MapDelete("/nodes/{node}/drain", (string node, GrainAccess grains) => DrainAsync(node, grains, draining: false)).RequireAdministrator();
    }

    /// <summary>Of all regions, by name.</summary>
    public static async Task<NodeStatus[]> AllAsync(GrainAccess grains, RegionNames regions)
    {
        var nodes = await Task.WhenAll(regions.All.Select(region => grains.Ask(grains.Region(region).GetNodes())));
        return [.. nodes.SelectMany(region => region).OrderBy(node => node.Registration.Node.Value, StringComparer.Ordinal)];
    }

    private static async Task<Ok<NodeDetails[]>> ListAsync(GrainAccess grains, RegionNames regions) =>
        TypedResults.Ok((await AllAsync(grains, regions)).Select(NodeDetails.From).ToArray());

    private static async Task<Results<Ok<NodeDetails>, ProblemHttpResult>> GetAsync(string node, GrainAccess grains) =>
        TryParse(node, out var id) && await grains.Ask(grains.MediaNode(id).GetStatus()) is { } status
            ? TypedResults.Ok(NodeDetails.From(status))
            : Problems.For(VoiceError.UnknownNode);

    private static async Task<Results<NoContent, ProblemHttpResult>> DrainAsync(string node, GrainAccess grains, bool draining)
    {
        var error = TryParse(node, out var id) ? await grains.Ask(grains.MediaNode(id).Drain(draining)) : VoiceError.UnknownNode;
        return error == VoiceError.None ? TypedResults.NoContent() : Problems.For(error);
    }

    /// <summary>A name that no node can have is no grain's key.</summary>
    public static bool TryParse(string node, out MediaNodeId id)
    {
        id = new MediaNodeId(node);
        return ChannelId.TryParse(node, out _);
    }
}
