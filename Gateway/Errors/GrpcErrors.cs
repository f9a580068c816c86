using Grpc.Core;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Errors;

/// <summary>Writes a <see cref="VoiceError"/> as a gRPC status, with its code in a trailer.</summary>
internal static class GrpcErrors
{
    /// <summary>The name of the gRPC trailer that carries the error's code.</summary>
    public const string ErrorTrailer = "hype-error";

    public static RpcException Refusal(VoiceError error, string? detail = null)
    {
        var description = VoiceErrors.Describe(error);
        return new RpcException(
            new Status(StatusOf(error), detail ?? description.Sentence), new Metadata { { ErrorTrailer, description.Name } });
    }

    public static bool IsGrpc(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Refuses a gRPC request before it reaches a service, with a response that consists of trailers alone (gRPC over HTTP/2).
    /// </summary>
    public static Task RefuseAsync(HttpContext context, VoiceError error, string? detail = null)
    {
        var description = VoiceErrors.Describe(error);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{(int)StatusOf(error)}";
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(detail ?? description.Sentence);
        context.Response.Headers[ErrorTrailer] = description.Name;
        return context.Response.CompleteAsync();
    }

    private static StatusCode StatusOf(VoiceError error) => error switch
    {
        VoiceError.Unauthorized or VoiceError.Revoked or VoiceError.InvalidCertificate => StatusCode.Unauthenticated,
        VoiceError.Forbidden or VoiceError.Banned => StatusCode.PermissionDenied,
        VoiceError.UnknownChannel or VoiceError.UnknownParticipant or VoiceError.UnknownNode or VoiceError.UnknownBan
            or VoiceError.UnknownRestriction => StatusCode.NotFound,
        VoiceError.ChannelExists => StatusCode.AlreadyExists,
        VoiceError.ChannelFull or VoiceError.TooManyRequests => StatusCode.ResourceExhausted,
        VoiceError.StaleEpoch or VoiceError.OutOfOrder or VoiceError.SessionExpired or VoiceError.MeshNotAllowed
            or VoiceError.TooManyBans => StatusCode.FailedPrecondition,
        VoiceError.Unavailable => StatusCode.Unavailable,
        VoiceError.Unsupported => StatusCode.Unimplemented,
        VoiceError.Internal => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };
}
