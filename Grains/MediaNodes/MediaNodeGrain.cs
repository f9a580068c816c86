using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// A node in the world. Nothing is stored: a node that beats and is not known registers again, and channels renew their rooms.
/// Reentrant, so that one slow command holds up neither the beats nor the commands of other channels.
/// </summary>
[Reentrant]
internal sealed partial class MediaNodeGrain(
    IMediaNodeClientFactory clients,
    IOptions<NodeLeaseOptions> leaseOptions,
    IOptions<ChannelOptions> channelOptions,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<MediaNodeGrain> logger) : Grain, IMediaNodeGrain
{
    /// <summary>Renewals that a channel may miss before its room counts as forgotten.</summary>
    private const int RenewalsMissed = 3;

    private readonly NodeLeaseOptions _options = leaseOptions.Value;
    private readonly ILogger<MediaNodeGrain> _logger = logger;
    private readonly Dictionary<(ChannelId Channel, int Epoch), DateTimeOffset> _rooms = [];

    private MediaNodeId _node;
    private Connected? _connected;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _node = new MediaNodeId(this.GetPrimaryKeyString());
        // Four looks per suspicion: what a look comes late costs at most a quarter of it.
        var period = _options.SuspectAfter / 4;
        this.RegisterGrainTimer(CheckAsync, new() { DueTime = period, Period = period, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _connected?.Client.Dispose();
        return Task.CompletedTask;
    }

    public async Task Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        if (_connected?.Registration.Incarnation != registration.Incarnation)
            await ForgetAsync();

        if (_connected is null || _connected.Registration.ControlUrl != registration.ControlUrl)
        {
            _connected?.Client.Dispose();
            _connected = new Connected(registration, clients.Connect(registration.ControlUrl, registration.ControlToken), new NodeLease(_options, Now));
            LogRegistered(_node, registration.Region, registration.Incarnation, registration.ControlUrl);
        }

        _connected.Lease.Beat(Now);
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        await RenewInRegionAsync();
    }

    public async Task<bool> Beat(Guid incarnation, NodeLoad? load)
    {
        if (_connected is not { } connected || connected.Registration.Incarnation != incarnation)
            return false;

        connected.Lease.Beat(Now);
        if (load is not null)
        {
            connected.Load = load;
            await RenewInRegionAsync();
        }

        return true;
    }

    public async Task<bool> Report(Guid incarnation, RoomEvent[] events)
    {
        if (_connected?.Registration.Incarnation != incarnation)
            return false;

        await Task.WhenAll(events.GroupBy(roomEvent => roomEvent.Channel).Select(channel => Channel(channel.Key).NodeReported(_node, [.. channel])));
        return true;
    }

    public Task Suspect(Guid incarnation) =>
        _connected is { } connected && connected.Registration.Incarnation == incarnation && connected.Lease.Suspect(Now)
            ? ProbeAsync(connected)
            : Task.CompletedTask;

    public Task<NodeStatus?> GetStatus() => Task.FromResult(_connected?.Status);

    public async Task<OpenedRoom> OpenRoom(ChannelId channel, int epoch, DtlsIdentity identity)
    {
        if (_connected is not { } connected)
            return new OpenedRoom { Error = VoiceError.Unavailable };

        // Known before it is open, so that a node that dies meanwhile is a loss that the channel hears of.
        _rooms[(channel, epoch)] = Now;
        var opened = await connected.Client.OpenRoomAsync(channel, epoch, channelOptions.Value.Slots, identity);
        if (_connected != connected)
            return new OpenedRoom { Error = VoiceError.Unavailable };
        if (opened.Error != VoiceError.None)
            _rooms.Remove((channel, epoch));
        return opened;
    }

    public async Task CloseRoom(ChannelId channel, int epoch)
    {
        _rooms.Remove((channel, epoch));
        // One that does not answer has no rooms for long.
        if (await Command(client => client.CloseRoomAsync(channel, epoch)) is not (VoiceError.None or VoiceError.UnknownRoom) and var error)
            LogNotDone("close", channel, epoch, _node, error);
    }

    public Task<VoiceError> AddEndpoint(EndpointSpec endpoint) => Command(client => client.AddEndpointAsync(endpoint));

    public Task<VoiceError> AcceptAnswer(ChannelId channel, uint number, SfuAnswer answer) => Command(client => client.AcceptAnswerAsync(channel, number, answer));

    public Task<VoiceError> UpdateEndpoint(ChannelId channel, int epoch, uint number, bool canSpeak, bool canListen) =>
        Command(client => client.UpdateEndpointAsync(channel, epoch, number, canSpeak, canListen));

    public async Task RemoveEndpoint(ChannelId channel, int epoch, uint number)
    {
        if (await Command(client => client.RemoveEndpointAsync(channel, epoch, number)) is not (VoiceError.None or VoiceError.UnknownRoom) and var error)
            LogNotDone("leave", channel, epoch, _node, error);
    }

    public Task<VoiceError> RestartIce(ChannelId channel, int epoch, uint number, string iceUfrag, string icePwd) =>
        Command(client => client.RestartIceAsync(channel, epoch, number, iceUfrag, icePwd));

    public Task<ReleasedEndpoint> ReleaseEndpoint(ChannelId channel, int epoch, uint number) =>
        _connected is { } connected ? connected.Client.ReleaseEndpointAsync(channel, epoch, number) : Task.FromResult(new ReleasedEndpoint(VoiceError.Unavailable, null));

    public Task<ListedEndpoints> ListEndpoints(ChannelId channel, int epoch) =>
        _connected is { } connected ? connected.Client.ListEndpointsAsync(channel, epoch) : Task.FromResult(new ListedEndpoints(VoiceError.Unavailable, []));

    public Task<VoiceError> AddLink(LinkSpec link) => Command(client => client.AddLinkAsync(link));

    public async Task RemoveLink(ChannelId channel, int epoch, string link)
    {
        if (await Command(client => client.RemoveLinkAsync(channel, epoch, link)) is not (VoiceError.None or VoiceError.UnknownRoom) and var error)
            LogNotDone("unlink", channel, epoch, _node, error);
    }

    public Task<VoiceError> Drain(bool draining) => Task.FromResult(VoiceError.Unsupported);

    private DateTimeOffset Now => time.GetUtcNow();

    private IChannelGrain Channel(ChannelId channel) => GrainFactory.GetGrain<IChannelGrain>(channel.Value);

    private IRegionGrain Region(RegionId region) => GrainFactory.GetGrain<IRegionGrain>(region.Value);

    private Task<VoiceError> Command(Func<IMediaNodeClient, Task<VoiceError>> command) =>
        _connected is { } connected ? command(connected.Client) : Task.FromResult(VoiceError.Unavailable);

    private Task RenewInRegionAsync() => _connected is { } connected ? Region(connected.Registration.Region).Report(connected.Status) : Task.CompletedTask;

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_connected is not { } connected)
            return;

        if (connected.Lease.Check(Now))
            await ProbeAsync(connected);
        // A channel whose grain was killed between asking for a room and writing it down does not know that it has one.
        var oldest = Now - (channelOptions.Value.IndexRenewal * RenewalsMissed);
        foreach (var (channel, epoch) in _rooms.Where(room => room.Value < oldest).Select(room => room.Key).ToArray())
            await CloseRoom(channel, epoch);
    }

    private async Task ProbeAsync(Connected connected)
    {
        var answered = await connected.Client.ProbeAsync(_options.ProbeTimeout);
        // Another process on the same port is not the node that carried the rooms.
        if (connected.Lease.Probed(answered == connected.Registration.Incarnation, Now) && _connected == connected)
        {
            metrics.LeaseEnded();
            LogLeaseEnded(_node, connected.Registration.Incarnation, connected.Lease.LastBeat);
            await ForgetAsync();
        }
    }

    /// <summary>The node, as it was, is gone: its channels hear it at once, all at the same time.</summary>
    private async Task ForgetAsync()
    {
        var connected = _connected;
        _connected = null;
        if (connected is null)
            return;

        connected.Client.Dispose();
        DelayDeactivation(TimeSpan.Zero);
        var channels = _rooms.Keys.Select(room => room.Channel).Distinct().ToArray();
        _rooms.Clear();
        // First out of the region, or the channels would be sent straight back.
        await Region(connected.Registration.Region).Remove(_node);
        await Task.WhenAll(channels.Select(channel => Channel(channel).NodeLost(_node, connected.Lease.LastBeat)));
    }

    [LoggerMessage(LogLevel.Information, "Media node {Node} of region {Region} is registered as {Incarnation} at {Url}")]
    private partial void LogRegistered(MediaNodeId node, RegionId region, Guid incarnation, string url);

    [LoggerMessage(LogLevel.Warning, "Media node {Node} is gone: incarnation {Incarnation} was last heard of at {LastBeat} and does not answer")]
    private partial void LogLeaseEnded(MediaNodeId node, Guid incarnation, DateTimeOffset lastBeat);

    [LoggerMessage(LogLevel.Information, "Could not {Command} in {Channel}, epoch {Epoch}, on {Node}: {Error}")]
    private partial void LogNotDone(string command, ChannelId channel, int epoch, MediaNodeId node, VoiceError error);

    /// <summary>One incarnation of the node while its lease runs.</summary>
    private sealed class Connected(NodeRegistration registration, IMediaNodeClient client, NodeLease lease)
    {
        public NodeRegistration Registration { get; } = registration;

        public IMediaNodeClient Client { get; } = client;

        public NodeLease Lease { get; } = lease;

        public NodeLoad Load { get; set; } = NodeLoad.Idle;

        public NodeStatus Status => new() { Registration = Registration, Load = Load, LastBeat = Lease.LastBeat, Draining = Load.Draining };
    }
}
