using Hype.Gateway.NodeRegistry;

namespace Hype.Gateway.Control.Grpc;

/// <summary>The gRPC side of the control API, with the standard reflection and health services beside it.</summary>
internal static class ControlServices
{
    public static void AddControlServices(this IServiceCollection services)
    {
        services.AddGrpc(grpc => grpc.Interceptors.Add<GrainFailureInterceptor>());
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
    }

    public static void MapControlServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<NodeRegistryService>();
        // Each call looks at the token itself, as what it must allow depends on the channel; none is served without one.
        routes.MapGrpcService<ChannelsService>().RequireAuthorization();
        routes.MapGrpcService<ParticipantsService>().RequireAuthorization();
        routes.MapGrpcService<NodesService>().RequireAuthorization();
        routes.MapGrpcService<ClusterService>().RequireAuthorization();
        routes.MapGrpcService<TokensService>().RequireAuthorization();
        routes.MapGrpcHealthChecksService();
        // What there is to call is in the repository for everyone to read.
        routes.MapGrpcReflectionService();
    }
}
