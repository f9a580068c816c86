using System.Security.Claims;
using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Hype.Gateway.Auth;

/// <summary>
/// Checks whether a bearer token that the framework has verified is revoked, and writes the response to a refused request.
/// </summary>
internal sealed partial class BearerEvents(GrainAccess grains, ClientCertificates certificates, ILogger<BearerEvents> logger)
    : JwtBearerEvents
{
    private static readonly object Refusal = new();

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        if (context.Principal?.AccessToken() is not { } token)
        {
            Refuse(context, VoiceError.InvalidName, AccessToken.FlawOf((ClaimsIdentity)context.Principal!.Identity!));
            return;
        }

        try
        {
            if (await grains.Ask(grains.Identity(token.Identity).Accept(token.IssuedAt)) is null)
                Refuse(context, VoiceError.Revoked);
        }
        catch (Exception exception)
        {
            // A token that cannot be checked is refused.
            LogRevocationUnknown(exception);
            Refuse(context, GrainAccess.ErrorOf(exception));
        }
    }

    /// <summary>
    /// Answers a request without a valid token or certificate: names the reason if the token is revoked or the certificate is refused.
    /// </summary>
    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        var http = context.HttpContext;
        var (error, sentence) = http.Items[Refusal] is Reason reason ? (reason.Error, reason.Sentence)
            : certificates.Refuse(http) is { } refused ? (VoiceError.InvalidCertificate, refused.Sentence)
            : (VoiceError.None, null);
        if (error == VoiceError.None)
            return;
        context.HandleResponse();
        await (GrpcErrors.IsGrpc(http) ? GrpcErrors.RefuseAsync(http, error, sentence) : Problems.For(error, sentence).ExecuteAsync(http));
    }

    private static void Refuse(TokenValidatedContext context, VoiceError error, string? sentence = null)
    {
        context.HttpContext.Items[Refusal] = new Reason(error, sentence);
        context.Fail(sentence ?? VoiceErrors.Describe(error).Sentence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to check whether a bearer token is revoked")]
    private partial void LogRevocationUnknown(Exception exception);

    private sealed record Reason(VoiceError Error, string? Sentence);
}
