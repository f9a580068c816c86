using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hype.Gateway.Auth;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Mints tokens over gRPC, as <see cref="TokensApi"/> does over REST.</summary>
internal sealed class TokensService(AccessTokens tokens) : Proto.Tokens.TokensBase
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);

    public override Task<Proto.MintTokenReply> Mint(Proto.MintTokenRequest request, ServerCallContext context)
    {
        if (!tokens.CanMint)
            throw GrpcErrors.Refusal(VoiceError.Unsupported);
        var wanted = new TokenRequest(request.Identity, request.Name, [.. request.Channels], [.. request.Grants], LifetimeOf(request));
        if (wanted.FindFlaw(tokens.LongestLifetime) is { } flaw)
            throw GrpcErrors.Refusal(flaw.Error, flaw.Sentence);
        var minted = tokens.Mint(wanted);
        return Task.FromResult(new Proto.MintTokenReply { Token = minted.Token, ExpiresAt = minted.ExpiresAt.ToTimestamp() });
    }

    // A malformed duration is refused like a negative one.
    private static TimeSpan LifetimeOf(Proto.MintTokenRequest request)
    {
        if (request.Lifetime is not { } lifetime)
            return DefaultLifetime;
        return lifetime.Seconds is >= 0 and <= uint.MaxValue && lifetime.Nanos is >= 0 and < 1_000_000_000
            ? lifetime.ToTimeSpan()
            : TimeSpan.Zero;
    }
}
