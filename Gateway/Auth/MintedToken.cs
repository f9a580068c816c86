namespace Hype.Gateway.Auth;

internal sealed record MintedToken(string Token, DateTimeOffset ExpiresAt);
