using System.Security.Claims;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Microsoft.AspNetCore.Authorization;

namespace Hype.Gateway.Auth;

/// <summary>The bearer token has <c>moderate</c>, and in the channel of the route if there is one.</summary>
internal sealed class ModeratorRequirement : IAuthorizationRequirement;

/// <summary>The bearer token has <c>moderate</c> in all channels: what it asks for touches people in any of them.</summary>
internal sealed class AdministratorRequirement : IAuthorizationRequirement;

internal sealed class AdministratorHandler : AuthorizationHandler<AdministratorRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AdministratorRequirement requirement)
    {
        if (context.User.AccessToken() is { Administers: true })
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

internal sealed class ModeratorHandler : AuthorizationHandler<ModeratorRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ModeratorRequirement requirement)
    {
        // A route whose id is no channel id is refused by its endpoint, with the error that says so.
        var id = (context.Resource as HttpContext)?.GetRouteValue("id") as string;
        if (context.User.AccessToken() is { } token && (ChannelId.TryParse(id, out var channel) ? token.Allows(Grants.Moderate, channel) : token.Grants.HasFlag(Grants.Moderate)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

internal static class Moderation
{
    public const string Policy = "moderator";

    /// <summary>Reading needs no token in Development: policies are decided when the endpoints are mapped.</summary>
    public const string ReadPolicy = "moderatorToRead";

    public const string AdministratorPolicy = "administrator";

    /// <inheritdoc cref="ReadPolicy"/>
    public const string AdministratorReadPolicy = "administratorToRead";

    public static TBuilder RequireModerator<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Policy);

    public static TBuilder RequireModeratorToRead<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(ReadPolicy);

    public static TBuilder RequireAdministrator<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(AdministratorPolicy);

    public static TBuilder RequireAdministratorToRead<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(AdministratorReadPolicy);

    /// <summary>What the bearer token of a request says; null when there is none that can be believed.</summary>
    public static AccessToken? AccessToken(this ClaimsPrincipal user) =>
        user.Identity is ClaimsIdentity { IsAuthenticated: true } claims ? Auth.AccessToken.From(claims) : null;
}
