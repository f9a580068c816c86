using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Errors;

/// <summary>Writes a <see cref="VoiceError"/> as problem details (RFC 9457), with the fields of the signaling's <c>error</c>.</summary>
internal static class Problems
{
    public static ProblemHttpResult For(VoiceError error, string? detail = null)
    {
        var description = VoiceErrors.Describe(error);
        return TypedResults.Problem(
            detail ?? description.Sentence, statusCode: StatusOf(error), title: description.Sentence, extensions: Fields(description));
    }

    /// <summary>Returns <c>invalidChannel</c> with the flaw of a text that is not a channel id.</summary>
    public static ProblemHttpResult InvalidChannel(string? text) => For(VoiceError.InvalidChannel, ChannelId.FlawOf(text));

    /// <summary>
    /// Adds the fields of the signaling's <c>error</c> to the framework's own refusals, such as those for a missing token or an
    /// unreadable body.
    /// </summary>
    public static void Customize(ProblemDetailsContext context)
    {
        VoiceError? error = context.ProblemDetails.Status switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType => VoiceError.BadMessage,
            StatusCodes.Status401Unauthorized => VoiceError.Unauthorized,
            StatusCodes.Status403Forbidden => VoiceError.Forbidden,
            StatusCodes.Status413PayloadTooLarge => VoiceError.MessageTooLarge,
            StatusCodes.Status500InternalServerError => VoiceError.Internal,
            _ => null,
        };
        if (error is not { } known || context.ProblemDetails.Extensions.ContainsKey("code"))
            return;
        var description = VoiceErrors.Describe(known);
        context.ProblemDetails.Title = description.Sentence;
        foreach (var (key, value) in Fields(description))
            context.ProblemDetails.Extensions[key] = value;
    }

    private static Dictionary<string, object?> Fields(VoiceErrorDescription description) => new()
    {
        ["code"] = description.Name,
        ["message"] = description.Sentence,
        ["retryable"] = description.Retryable,
    };

    private static int StatusOf(VoiceError error) => error switch
    {
        VoiceError.Unauthorized or VoiceError.Revoked or VoiceError.InvalidCertificate => StatusCodes.Status401Unauthorized,
        VoiceError.Forbidden or VoiceError.Banned => StatusCodes.Status403Forbidden,
        VoiceError.UnknownChannel or VoiceError.UnknownParticipant or VoiceError.UnknownNode or VoiceError.UnknownBan
            or VoiceError.UnknownRestriction => StatusCodes.Status404NotFound,
        VoiceError.SessionExpired => StatusCodes.Status410Gone,
        VoiceError.ChannelExists or VoiceError.ChannelFull or VoiceError.StaleEpoch or VoiceError.OutOfOrder
            or VoiceError.MeshNotAllowed or VoiceError.TooManyBans => StatusCodes.Status409Conflict,
        VoiceError.MessageTooLarge => StatusCodes.Status413PayloadTooLarge,
        VoiceError.TooManyRequests => StatusCodes.Status429TooManyRequests,
        VoiceError.Unsupported => StatusCodes.Status501NotImplemented,
        VoiceError.Unavailable => StatusCodes.Status503ServiceUnavailable,
        VoiceError.Internal => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };
}
