using Grpc.Core;
using Grpc.Core.Interceptors;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;

namespace Hype.Gateway.Control.Grpc;

/// <summary>
/// Answers a gRPC call whose grain call failed with a status that shows whether a retry makes sense, as <see cref="GrainFailureFilter"/>
/// does for REST.
/// </summary>
internal sealed partial class GrainFailureInterceptor(ILogger<GrainFailureInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            LogFailed(context.Method, exception);
            throw GrpcErrors.Refusal(GrainAccess.ErrorOf(exception));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to serve {Method}")]
    private partial void LogFailed(string method, Exception exception);
}
