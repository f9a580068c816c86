using System.Threading.RateLimiting;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Hype.Gateway.Errors;
using Hype.Gateway.Limits;
using Hype.Gateway.NodeRegistry;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Control.Grpc;

/// <summary>
/// Reserves an event stream of the caller for each gRPC call that is answered with a stream, such as a watch of a channel or of the health
/// service, which needs no token: such a call may last without an end. The streams of media nodes are exempt: they begin with a
/// registration, at a private address.
/// </summary>
internal sealed class StreamLimitInterceptor(ClientLimits limits) : Interceptor
{
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var lease = Reserve(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var lease = IsOfNode(context) ? null : Reserve(context);
        await continuation(requestStream, responseStream, context);
    }

    /// <summary>Returns true if a media node calls. The path would not tell: its case is the caller's choice.</summary>
    private static bool IsOfNode(ServerCallContext context) =>
        context.GetHttpContext().GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType == typeof(NodeRegistryService);

    private RateLimitLease Reserve(ServerCallContext context) =>
        limits.Watch(context.GetHttpContext()) ?? throw GrpcErrors.Refusal(VoiceError.TooManyRequests, ClientLimits.TooManyWatches);
}
