using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Lists, shows and drains media nodes over gRPC, as <see cref="NodesApi"/> does over REST.</summary>
internal sealed class NodesService(GrainAccess grains, RegionNames regions) : Proto.Nodes.NodesBase
{
    public override async Task<Proto.ListNodesReply> List(Proto.ListNodesRequest request, ServerCallContext context) =>
        new() { Nodes = { (await NodeQueries.AllAsync(grains, regions)).Select(Wire.Write) } };

    public override async Task<Proto.Node> Get(Proto.GetNodeRequest request, ServerCallContext context) =>
        await grains.Ask(grains.MediaNode(Read(request.Id)).GetStatus()) is { } status
            ? Wire.Write(status)
            : throw GrpcErrors.Refusal(VoiceError.UnknownNode);

    public override async Task<Proto.DrainNodeReply> Drain(Proto.DrainNodeRequest request, ServerCallContext context)
    {
        var error = await grains.Ask(grains.MediaNode(Read(request.Id)).Drain(request.Draining));
        return error == VoiceError.None ? new Proto.DrainNodeReply() : throw GrpcErrors.Refusal(error);
    }

    private static MediaNodeId Read(string id) =>
        NodeQueries.TryParse(id, out var node) ? node : throw GrpcErrors.Refusal(VoiceError.UnknownNode);
}
