using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Cluster;

/// <summary>The gateway's way to the grains: who it is to them, and how long it waits for them.</summary>
internal sealed class GrainAccess(
    IGrainFactory grains,
    IGatewayObserver observer,
    IOptions<GatewayOptions> gateway,
    IOptions<SignalingOptions> signaling,
    TimeProvider time)
{
    // Orleans holds observers by weak reference: the field `observer` of this singleton keeps it alive. The reference is
    // made at first use, when the cluster client has started.
    private readonly Lazy<GatewayRef> _gateway = new(() => new GatewayRef(
        gateway.Value.GatewayId,
        new RegionId(gateway.Value.Region),
        grains.CreateObjectReference<IGatewayObserver>(observer)));

    public GatewayRef Gateway => _gateway.Value;

    public IChannelGrain Channel(ChannelId channel) => Get(() => grains.GetGrain<IChannelGrain>(channel.Value));

    public ISessionMailboxGrain Participant(SessionId session) => Get(() => grains.GetGrain<ISessionMailboxGrain>(session.Value));

    public IIdentityGrain Identity(string identity) => Get(() => grains.GetGrain<IIdentityGrain>(identity));

    public IMediaNodeGrain MediaNode(MediaNodeId node) => Get(() => grains.GetGrain<IMediaNodeGrain>(node.Value));

    public IRegionGrain Region(RegionId region) => Get(() => grains.GetGrain<IRegionGrain>(region.Value));

    public IChannelIndexGrain Index(int shard) => Get(() => grains.GetGrain<IChannelIndexGrain>(shard));

    /// <summary>Every channel that somebody is in, from all shards of the index.</summary>
    public async Task<ChannelSummary[]> LiveChannels()
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, IChannelIndexGrain.Shards).Select(shard => Ask(Index(shard).List())));
        return [.. shards.SelectMany(shard => shard)];
    }

    /// <summary>Waits for a grain's answer, at most <see cref="SignalingOptions.CallTimeout"/>.</summary>
    public Task<T> Ask<T>(Task<T> call) => call.WaitAsync(signaling.Value.CallTimeout, time);

    /// <inheritdoc cref="Ask{T}(Task{T})"/>
    public Task Ask(Task call) => call.WaitAsync(signaling.Value.CallTimeout, time);

    /// <summary>As <see cref="Ask{T}(Task{T})"/>, of a call that is taken back when this gateway gives up, unless it has begun.</summary>
    public async Task<T> Ask<T>(Func<CancellationToken, Task<T>> call)
    {
        using var patience = new CancellationTokenSource(signaling.Value.CallTimeout, time);
        try
        {
            return await call(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException("The grain has not answered in time.", exception);
        }
    }

    /// <summary>Which interfaces have grains is known from the first silo that answers; until then the client says that there are none.</summary>
    private static T Get<T>(Func<T> grain)
    {
        try
        {
            return grain();
        }
        catch (ArgumentException exception)
        {
            throw new SiloUnavailableException("No silo has answered yet.", exception);
        }
    }

    /// <summary>What a failed call means for the one who asked. Both can be tried again; only one is our fault.</summary>
    public static VoiceError ErrorOf(Exception exception) =>
        exception is OrleansException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException or System.Data.Common.DbException
            ? VoiceError.Unavailable
            : VoiceError.Internal;
}
