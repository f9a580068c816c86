using System.Data.Common;
using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Abstractions.Silos;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Cluster;

/// <summary>Calls grains with this gateway's reference, and limits the time of each call.</summary>
internal sealed class GrainAccess(
    IGrainFactory grains,
    IGatewayObserver observer,
    IOptions<GatewayOptions> gateway,
    IOptions<SignalingOptions> signaling,
    TimeProvider time)
{
    // Orleans holds observers by weak reference, so this singleton holds a strong one in `observer`. The grain reference is created at
    // first use, when the cluster client has started.
    private readonly Lazy<GatewayRef> _gateway = new(() => new GatewayRef(
        gateway.Value.GatewayId,
        new RegionId(gateway.Value.Region),
        grains.CreateObjectReference<IGatewayObserver>(observer)));

    public GatewayRef Gateway => _gateway.Value;

    public IChannelGrain Channel(ChannelId channel) => Get(() => grains.GetGrain<IChannelGrain>(channel.Value));

    public ISessionMailboxGrain Mailbox(SessionId session) => Get(() => grains.GetGrain<ISessionMailboxGrain>(session.Value));

    public IIdentityGrain Identity(string identity) => Get(() => grains.GetGrain<IIdentityGrain>(identity));

    public IMediaNodeGrain MediaNode(MediaNodeId node) => Get(() => grains.GetGrain<IMediaNodeGrain>(node.Value));

    public IRegionGrain Region(RegionId region) => Get(() => grains.GetGrain<IRegionGrain>(region.Value));

    public IChannelIndexGrain Index(int shard) => Get(() => grains.GetGrain<IChannelIndexGrain>(shard));

    /// <summary>Returns a grain that any silo answers for; the key selects the silo.</summary>
    public ISiloPingGrain SiloPing(long key) => Get(() => grains.GetGrain<ISiloPingGrain>(key));

    /// <summary>Lists the live channels of the whole cluster, from all shards of the channel index.</summary>
    public async Task<ChannelSummary[]> LiveChannels()
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, IChannelIndexGrain.Shards).Select(shard => Ask(Index(shard).List())));
        return [.. shards.SelectMany(shard => shard)];
    }

    /// <summary>Waits for a grain's answer, at most <see cref="SignalingOptions.CallTimeout"/>.</summary>
    public Task<T> Ask<T>(Task<T> call) => call.WaitAsync(signaling.Value.CallTimeout, time);

    /// <inheritdoc cref="Ask{T}(Task{T})"/>
    public Task Ask(Task call) => call.WaitAsync(signaling.Value.CallTimeout, time);

    /// <summary>
    /// Waits like <see cref="Ask{T}(Task{T})"/>. At the timeout it also cancels the call, if its grain has not begun to execute it.
    /// </summary>
    public async Task<T> Ask<T>(Func<CancellationToken, Task<T>> call)
    {
        using var timeout = new CancellationTokenSource(signaling.Value.CallTimeout, time);
        try
        {
            return await call(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException("The grain has not answered in time.", exception);
        }
    }

    /// <summary>
    /// Gets a grain's reference; throws <see cref="SiloUnavailableException"/> until a silo has answered: before that, the Orleans client
    /// knows no grain interfaces.
    /// </summary>
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

    /// <summary>
    /// Returns the error for the caller of a failed grain call: <c>unavailable</c>, or <c>internal</c> for a bug. The caller may retry
    /// after either.
    /// </summary>
    public static VoiceError ErrorOf(Exception exception) => exception is
        OrleansException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException or DbException
            ? VoiceError.Unavailable
            : VoiceError.Internal;
}
