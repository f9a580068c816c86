using Hype.Gateway.Auth;
using Hype.Gateway.Errors;
using Hype.Gateway.Limits;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Errors;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>The HTTP endpoint at which clients open their WebSocket.</summary>
internal static class SignalingEndpoint
{
    public static void MapSignaling(this IEndpointRouteBuilder routes) => routes.Map(SignalingPath.Value, ServeAsync);

    private static async Task ServeAsync(
        HttpContext context,
        SessionRegistry registry,
        OriginPolicy origins,
        ClientLimits limits,
        IOptions<SignalingOptions> options,
        SignalingMetrics metrics,
        TimeProvider time,
        IServiceProvider services)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(SignalingProtocol.Name))
        {
            await Problems
                .For(VoiceError.BadMessage, $"Open a WebSocket with the subprotocol {SignalingProtocol.Name} here.")
                .ExecuteAsync(context);
            return;
        }

        if (!origins.Admits(context.Request))
        {
            await Problems
                .For(VoiceError.Forbidden, "The origin of this page is not in Hype:Gateway:AllowedOrigins.")
                .ExecuteAsync(context);
            return;
        }

        var address = ClientAddress.Of(context);
        using var lease = limits.Socket(address, out var retryAfter);
        if (lease is null)
        {
            await LimitHosting.RefuseAsync(context, retryAfter);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(SignalingProtocol.Name);
        await using var connection = new SignalingConnection(socket, options.Value, metrics, time);
        registry.Add(connection);
        metrics.SocketOpened();
        try
        {
            await SignalingSession.Create(services, connection, address).RunAsync();
        }
        finally
        {
            metrics.SocketClosed();
            registry.Remove(connection);
        }
    }
}
