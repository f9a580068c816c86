using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Hype.Gateway.Auth;

/// <summary>What the framework cannot know of a bearer token that it has verified: whether it was revoked, and what to answer then.</summary>
internal sealed partial class BearerEvents(GrainAccess grains, ClientCertificates certificates, ILogger<BearerEvents> logger) : JwtBearerEvents
{
    private static readonly object Refusal = new();

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        if (context.Principal?.AccessToken() is not { } token)
        {
            context.Fail("The claims are not a person's.");
            return;
        }

        try
        {
            if (await grains.Ask(grains.Identity(token.Identity).Accept(token.IssuedAt)) is null)
                Refuse(context, VoiceError.Revoked);
        }
        catch (Exception exception)
        {
            // Nobody knows whether it counts: it does not.
            LogUnknown(exception);
            Refuse(context, GrainAccess.ErrorOf(exception));
        }
    }

    /// <summary>Where a token would have been needed, the answer says what was wrong with the one that came, or with the certificate instead of it.</summary>
    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        var http = context.HttpContext;
        var (error, sentence) = http.Items[Refusal] is VoiceError known ? (known, null)
            : certificates.Refuse(http) is { } refused ? (VoiceError.InvalidCertificate, refused.Sentence)
            : (VoiceError.None, null);
        if (error == VoiceError.None)
            return;
        context.HandleResponse();
        await (GrpcErrors.IsGrpc(http) ? GrpcErrors.RefuseAsync(http, error, sentence) : Problems.For(error, sentence).ExecuteAsync(http));
    }

    private static void Refuse(TokenValidatedContext context, VoiceError error)
    {
        context.HttpContext.Items[Refusal] = error;
        context.Fail(VoiceErrors.Describe(error).Sentence);
    }

    [LoggerMessage(1, LogLevel.Warning, "Whether a bearer token is revoked could not be found out")]
    private partial void LogUnknown(Exception exception);
}
