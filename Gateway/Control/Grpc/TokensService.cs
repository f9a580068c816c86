using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hype.Gateway.Auth;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Tokens over gRPC; what <see cref="TokensApi"/> is over REST.</summary>
internal sealed class TokensService(AccessTokens tokens) : Proto.Tokens.TokensBase
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);

    public override Task<Proto.MintTokenReply> Mint(Proto.MintTokenRequest request, ServerCallContext context)
    {
        if (!tokens.CanMint)
            throw GrpcErrors.Refusal(VoiceError.Unsupported);
        var flaw = TokenRequest.TryRead(request.Identity, request.Name, [.. request.Channels], [.. request.Grants], LifetimeOf(request), tokens.LongestLifetime, out var order);
        if (flaw is not null)
            throw GrpcErrors.Refusal(VoiceError.BadMessage, flaw);
        var minted = tokens.Mint(order!);
        return Task.FromResult(new Proto.MintTokenReply { Token = minted.Token, ExpiresAt = minted.ExpiresAt.ToTimestamp() });
    }

    // A duration that is none at all is as bad as a negative one.
    private static TimeSpan LifetimeOf(Proto.MintTokenRequest request)
    {
        if (request.Lifetime is not { } lifetime)
            return DefaultLifetime;
        return lifetime.Seconds is >= 0 and <= uint.MaxValue && lifetime.Nanos is >= 0 and < 1_000_000_000 ? lifetime.ToTimeSpan() : TimeSpan.Zero;
    }
}
