using System.Collections.Concurrent;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Abstractions.Silos;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A factory of fake grains, without a silo; the test sets their answers and events.</summary>
internal sealed class FakeCluster : IGrainFactory
{
    private readonly ConcurrentDictionary<string, FakeChannel> _channels = new();
    private readonly ConcurrentDictionary<Guid, FakeMailbox> _mailboxes = new();
    private readonly ConcurrentDictionary<string, FakeMediaNode> _nodes = new();
    private readonly ConcurrentDictionary<string, FakeIdentity> _identities = new();
    private int _pings;
    private int _lists;

    /// <summary>The number of pings so far.</summary>
    public int Pings => Volatile.Read(ref _pings);

    /// <summary>The answer of the silos to pings; null: they answer.</summary>
    public Exception? PingFailure { get; set; }

    /// <summary>The number of calls to the channel index so far.</summary>
    public int Lists => Volatile.Read(ref _lists);

    public FakeChannel Channel(string id) => _channels.GetOrAdd(id, key => new FakeChannel(ChannelId.Parse(key)));

    public FakeMailbox Mailbox(SessionId session) => _mailboxes.GetOrAdd(session.Value, _ => new FakeMailbox());

    public FakeIdentity Identity(string identity) => _identities.GetOrAdd(identity, _ => new FakeIdentity());

    public FakeMediaNode MediaNode(string id) => _nodes.GetOrAdd(id, _ => new FakeMediaNode());

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(typeof(TGrainInterface) == typeof(IChannelGrain) ? Channel(primaryKey)
            : typeof(TGrainInterface) == typeof(IMediaNodeGrain) ? MediaNode(primaryKey)
            : typeof(TGrainInterface) == typeof(IIdentityGrain) ? Identity(primaryKey)
            : (IGrainWithStringKey)new FakeRegion([.. _nodes.Values.Select(node => node.Status).OfType<NodeStatus>()]));

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)(IGrainWithGuidKey)Mailbox(new SessionId(primaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(typeof(TGrainInterface) == typeof(ISiloPingGrain) ? new FakePing(this)
            : (IGrainWithIntegerKey)new FakeIndex(this));

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => (TGrainObserverInterface)obj;

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    private sealed class FakeIndex(FakeCluster cluster) : IChannelIndexGrain
    {
        public Task SetCreated(ChannelId channel, bool created) => Task.CompletedTask;

        public Task Report(ChannelSummary summary, ReportNumber number) => Task.CompletedTask;

        public Task<ChannelSummary[]> List()
        {
            Interlocked.Increment(ref cluster._lists);
            return Task.FromResult<ChannelSummary[]>([]);
        }
    }

    private sealed class FakePing(FakeCluster cluster) : ISiloPingGrain
    {
        public Task Ping()
        {
            Interlocked.Increment(ref cluster._pings);
            return cluster.PingFailure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }
    }

    private sealed class FakeRegion(NodeStatus[] nodes) : IRegionGrain
    {
        public Task Report(NodeStatus node, ReportNumber number) => Task.CompletedTask;

        public Task Remove(MediaNodeId node, ReportNumber number) => Task.CompletedTask;

        public Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid) =>
            Task.FromResult(new PlacementResult(null, default));

        public Task<NodeStatus[]> GetNodes() => Task.FromResult(nodes);
    }
}
