using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.NodeState;

namespace Hype.MediaNode.Orders;

/// <summary>
/// Rejects every call of <c>media_node.proto</c>, node order or probe, that does not carry the token which this node sent to the control
/// plane.
/// </summary>
internal sealed class ControlTokenInterceptor(NodeIdentity identity, ControlMetrics metrics) : Interceptor
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _token = Hash(identity.ControlToken);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var header = context.RequestHeaders.GetValue("authorization");
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !IsToken(header[Scheme.Length..]))
        {
            metrics.OrderRefused();
            throw new RpcException(
                new Status(StatusCode.Unauthenticated, "authorization must be `Bearer` and the control token of this incarnation"));
        }

        return continuation(request, context);
    }

    // Hashed first, so that the comparison takes the same time for any length.
    private bool IsToken(string token) => CryptographicOperations.FixedTimeEquals(_token, Hash(token));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
