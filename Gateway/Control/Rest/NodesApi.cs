using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Reports the state of media nodes, and drains a node before it is stopped.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes", ListAsync).RequireAdministratorToRead();
        api.MapGet("/nodes/{node}", GetAsync).RequireAdministratorToRead();
        api
            .MapPost("/nodes/{node}/drain", (string node, GrainAccess grains) => DrainAsync(node, grains, draining: true))
            .RequireAdministrator();
        api
            .MapDelete("/nodes/{node}/drain", (string node, GrainAccess grains) => DrainAsync(node, grains, draining: false))
            .RequireAdministrator();
    }

    private static async Task<Ok<NodeDetails[]>> ListAsync(GrainAccess grains, RegionNames regions) =>
        TypedResults.Ok((await NodeQueries.AllAsync(grains, regions)).Select(NodeDetails.From).ToArray());

    private static async Task<Results<Ok<NodeDetails>, ProblemHttpResult>> GetAsync(string node, GrainAccess grains) =>
        NodeQueries.TryParse(node, out var id) && await grains.Ask(grains.MediaNode(id).GetStatus()) is { } status
            ? TypedResults.Ok(NodeDetails.From(status))
            : Problems.For(VoiceError.UnknownNode);

    private static async Task<Results<NoContent, ProblemHttpResult>> DrainAsync(string node, GrainAccess grains, bool draining)
    {
        var error = NodeQueries.TryParse(node, out var id)
            ? await grains.Ask(grains.MediaNode(id).Drain(draining))
            : VoiceError.UnknownNode;
        return error == VoiceError.None ? TypedResults.NoContent() : Problems.For(error);
    }
}
