using System.Security.Claims;
using Hype.Grains.Abstractions.Participants;
using Microsoft.AspNetCore.Authorization;

namespace Hype.Gateway.Auth;

/// <summary>Requires the grant <c>moderate</c>, for the channel of the route if it has one.</summary>
internal sealed class ModeratorRequirement : IAuthorizationRequirement;

/// <summary>Requires the grant <c>moderate</c> for all channels, because the request can affect participants of any channel.</summary>
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
        // A route whose id is not a channel id is refused by its endpoint, with the fitting error.
        var id = (context.Resource as HttpContext)?.GetRouteValue("id") as string;
        var token = context.User.AccessToken();
        if (ChannelId.TryParse(id, out var channel)
            ? token?.Allows(Grants.Moderate, channel) == true
            : token?.Grants.HasFlag(Grants.Moderate) == true)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

internal static class Moderation
{
    public const string Policy = "moderator";

    /// <summary>
    /// The policy of routes that only read the channel's or the deployment's state. In Development it admits every request, without a
    /// token.
    /// </summary>
    public const string ReadPolicy = "moderatorToRead";

    public const string AdministratorPolicy = "administrator";

    /// <inheritdoc cref="ReadPolicy"/>
    public const string AdministratorReadPolicy = "administratorToRead";

    public static TBuilder RequireModerator<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(Policy);

    public static TBuilder RequireModeratorToRead<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(ReadPolicy);

    public static TBuilder RequireAdministrator<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(AdministratorPolicy);

    public static TBuilder RequireAdministratorToRead<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(AdministratorReadPolicy);

    /// <summary>Returns the claims of the request's token or certificate; null when neither is valid.</summary>
    public static AccessToken? AccessToken(this ClaimsPrincipal user) =>
        user.Identity is ClaimsIdentity { IsAuthenticated: true } claims ? Auth.AccessToken.From(claims) : null;
}
