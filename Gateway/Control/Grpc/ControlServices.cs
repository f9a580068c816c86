using Hype.Gateway.Auth;
using Hype.Gateway.NodeRegistry;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Maps the gRPC services, with the standard reflection and health services.</summary>
internal static class ControlServices
{
    public static void AddControlServices(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<GrainFailureInterceptor>();
            grpc.Interceptors.Add<StreamLimitInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
    }

    public static void MapControlServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<NodeRegistryService>();
        // The channel is in the message: each call checks that the token moderates it.
        routes.MapGrpcService<ChannelsService>().RequireModerator();
        routes.MapGrpcService<ParticipantsService>().RequireModerator();
        routes.MapGrpcService<NodesService>().RequireAdministrator();
        routes.MapGrpcService<ClusterService>().RequireAdministrator();
        routes.MapGrpcService<TokensService>().RequireAdministrator();
        routes.MapGrpcHealthChecksService();
        routes.MapGrpcReflectionService().RequireModeratorToRead();
    }
}
