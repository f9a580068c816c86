using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>
/// Creates, changes, lists, explains, watches and closes channels, and manages bans and restrictions, over gRPC, as <see
/// cref="ChannelsApi"/>, <see cref="BansApi"/> and <see cref="RestrictionsApi"/> do over REST.
/// </summary>
internal sealed class ChannelsService(
    GrainAccess grains, ChannelWatch watch, IHostApplicationLifetime lifetime, TimeProvider time)
        : Proto.Channels.ChannelsBase
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1_000;

    public override async Task<Proto.Channel> Create(Proto.CreateChannelRequest request, ServerCallContext context)
    {
        var channel = context.Moderated(request.Id);
        var settings = await ReadAsync(request.Settings, channel, context);
        await grains.DoAsync(channel, (grain, stop) => grain.Create(settings, stop));
        return await SnapshotAsync(channel);
    }

    public override async Task<Proto.Channel> Get(Proto.GetChannelRequest request, ServerCallContext context) =>
        await SnapshotAsync(context.Moderated(request.Id));

    public override async Task<Proto.ListChannelsReply> List(Proto.ListChannelsRequest request, ServerCallContext context)
    {
        if (request.Limit > LargestPage)
            throw GrpcErrors.Refusal(VoiceError.BadMessage, $"limit must be 1-{LargestPage}, or 0 for {DefaultPage}.");
        var (token, limit) = (context.Token(), request.Limit == 0 ? DefaultPage : (int)request.Limit);
        var page = await ChannelPages.ReadAsync(
            grains, request.After, request.Prefix, limit, channel => token.Allows(Grants.Moderate, channel));
        var next = page.Length == limit ? page[^1].Channel.Value : "";
        return new Proto.ListChannelsReply { Channels = { page.Select(Wire.Write) }, Next = next };
    }

    public override async Task<Proto.Channel> Update(Proto.UpdateChannelRequest request, ServerCallContext context)
    {
        var channel = context.Moderated(request.Id);
        var settings = await ReadAsync(request.Settings, channel, context);
        await grains.DoAsync(channel, (grain, stop) => grain.UpdateSettings(settings, stop));
        return Wire.Write(await grains.Ask(grains.Channel(channel).GetSnapshot()));
    }

    public override async Task<Proto.CloseChannelReply> Close(Proto.CloseChannelRequest request, ServerCallContext context)
    {
        await grains.DoAsync(context.Moderated(request.Id), (grain, stop) => grain.Close(request.Forget, stop));
        return new Proto.CloseChannelReply();
    }

    public override async Task<Proto.ChannelExplanation> Explain(Proto.ExplainChannelRequest request, ServerCallContext context)
    {
        var explanation = await grains.Ask(grains.Channel(context.Moderated(request.Id)).Explain());
        return explanation.Snapshot.Exists ? Wire.Write(explanation) : throw GrpcErrors.Refusal(VoiceError.UnknownChannel);
    }

    public override async Task Watch(
        Proto.WatchChannelRequest request, IServerStreamWriter<Proto.ChannelEvent> responses, ServerCallContext context)
    {
        var channel = context.Moderated(request.Id);
        // A gateway that stops ends its streams: watchers continue at another gateway.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await foreach (var reading in watch.FollowAsync(channel, request.HasAfter ? request.After : null, stop.Token))
        {
            foreach (var message in Wire.Write(reading))
                await responses.WriteAsync(message, stop.Token);
        }
    }

    public override async Task<Proto.ListBansReply> ListBans(Proto.ListBansRequest request, ServerCallContext context)
    {
        var bans = await grains.Ask(grains.Channel(context.Moderated(request.Channel)).GetBans());
        return new Proto.ListBansReply
        {
            Bans =
            {
                bans.Select(
                    ban => new Proto.BannedIdentity { Identity = ban.Identity, Reason = ban.Reason, Until = ban.Until?.ToTimestamp() }),
            },
        };
    }

    public override async Task<Proto.BanReply> Ban(Proto.BanRequest request, ServerCallContext context)
    {
        var channel = context.Moderated(request.Channel);
        var ban = new Ban(request.Ban?.Identity ?? "", request.Ban?.Reason ?? "", request.Ban?.Until?.ToDateTimeOffset());
        if (BanRules.FlawOf(ban, time.GetUtcNow()) is { } flaw)
            throw GrpcErrors.Refusal(flaw.Error, flaw.Sentence);
        return new Proto.BanReply { Storage = await grains.ModerateAsync(channel, (grain, stop) => grain.SetBan(ban, stop)) };
    }

    public override async Task<Proto.UnbanReply> Unban(Proto.UnbanRequest request, ServerCallContext context)
    {
        var (channel, identity) = (context.Moderated(request.Channel), Calls.Identity(request.Identity));
        var storage = await grains.ModerateAsync(channel, (grain, stop) => grain.LiftBan(identity, stop));
        return new Proto.UnbanReply { Storage = storage };
    }

    public override async Task<Proto.ListRestrictionsReply> ListRestrictions(
        Proto.ListRestrictionsRequest request, ServerCallContext context)
    {
        var restrictions = await grains.Ask(grains.Channel(context.Moderated(request.Channel)).GetRestrictions());
        return new Proto.ListRestrictionsReply { Restrictions = { restrictions.Select(Wire.Write) } };
    }

    public override async Task<Proto.LiftRestrictionReply> LiftRestriction(
        Proto.LiftRestrictionRequest request, ServerCallContext context)
    {
        var (channel, identity) = (context.Moderated(request.Channel), Calls.Identity(request.Identity));
        var storage = await grains.ModerateAsync(channel, (grain, stop) => grain.LiftRestriction(identity, stop));
        return new Proto.LiftRestrictionReply { Storage = storage };
    }

    private async Task<ChannelSettings> ReadAsync(Proto.Settings? request, ChannelId channel, ServerCallContext context)
    {
        var settings = Wire.Read(request);
        return await MeshPermission.AllowsAsync(grains, channel, settings, context.Token())
            ? settings
            : throw GrpcErrors.Refusal(VoiceError.Forbidden, MeshPermission.Sentence);
    }

    private async Task<Proto.Channel> SnapshotAsync(ChannelId channel)
    {
        var snapshot = await grains.Ask(grains.Channel(channel).GetSnapshot());
        return snapshot.Exists ? Wire.Write(snapshot) : throw GrpcErrors.Refusal(VoiceError.UnknownChannel);
    }
}
