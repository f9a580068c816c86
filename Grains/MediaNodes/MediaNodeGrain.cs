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

    /// <summary>How long the region may take to hear of a node's loss, or drain, before the channels hear of it all the same.</summary>
    private static readonly TimeSpan LossPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a beat waits for the region: it is heard, whether its load is shown or not.</summary>
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long a registration waits for the channels to hear that they lost the incarnation before it.</summary>
    private static readonly TimeSpan ChannelPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a channel may take to hear what happened in its rooms: one whose silo has just died must hold up neither the others nor the
    /// node, which takes a gateway without an answer for dead after a second.
    /// </summary>
    private static readonly TimeSpan EventPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>And how long while channels have just been found silent, as there may be a thousand of them: far above a call to one that is well.</summary>
    private static readonly TimeSpan EventImpatience = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ImpatientFor = TimeSpan.FromSeconds(2);

    /// <summary>A room that a silent node was told to close is closed again after this time.</summary>
    private static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    /// <summary>A grain this young may not have heard yet of a node that is there.</summary>
    private static readonly TimeSpan Newborn = TimeSpan.FromSeconds(5);

    /// <summary>A channel that was moving house, or restoring, when it was told to leave is told again.</summary>
    private static readonly TimeSpan DrainReminder = TimeSpan.FromSeconds(3);

    private readonly NodeLeaseOptions _options = leaseOptions.Value;
    private readonly ILogger<MediaNodeGrain> _logger = logger;
    private readonly Dictionary<(ChannelId Channel, RoomEpoch Epoch), DateTimeOffset> _rooms = [];

    private readonly Dictionary<ChannelId, Task> _telling = [];
    private readonly long _startedAt = time.GetTimestamp();

    private DateTimeOffset _impatientUntil;

    private MediaNodeId _node;
    private Connected? _connected;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _node = new MediaNodeId(this.GetPrimaryKeyString());
        metrics.LooksAfter(_node, Figures);
        // Four looks per suspicion: what a look comes late costs at most a quarter of it.
        var period = _options.SuspectAfter / 4;
        this.RegisterGrainTimer(CheckAsync, new() { DueTime = period, Period = period, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.LooksNoLongerAfter(_node, Figures);
        _connected?.Client.Dispose();
        return Task.CompletedTask;
    }

    public async Task Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        var loss = _connected is { } before && before.Registration.Incarnation != registration.Incarnation ? Lose(before) : null;

        // The same incarnation may come back through another gateway while the grain still counts its old stream as alive.
        if (_connected is not { } connected || !connected.IsAt(registration))
        {
            _connected?.Client.Dispose();
            connected = new Connected(registration, clients.Connect(registration.ControlUrl, registration.ControlToken), new NodeLease(_options, Steady, registration.HeardFor));
            _connected = connected;
            LogRegistered(_node, registration.Region, registration.Incarnation, registration.ControlUrl);
        }

        connected.Lease.Beat(Steady, registration.HeardFor);
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        // In its region before its channels hear what they lost, so that they may come straight back.
        await ShowAsync(connected);
        if (loss is not null)
            await TellOfLossAsync(loss, registration.Region);
        TellOfRooms(rooms);
    }

    public async Task<bool> Beat(Guid incarnation, NodeLoad? load, TimeSpan heardFor)
    {
        if (_connected is not { } connected || connected.Registration.Incarnation != incarnation)
            return false;

        connected.Lease.Beat(Steady, heardFor);
        if (load is not null)
        {
            connected.Load = load;
            await ShowAsync(connected);
        }

        return true;
    }

    public async Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events)
    {
        if (_connected is not { } connected || connected.Registration.Incarnation != incarnation)
            return null;

        connected.Lease.Beat(Steady, heardFor: null);
        var patience = Steady < _impatientUntil ? EventImpatience : EventPatience;
        var heard = await Task.WhenAll(events.GroupBy(roomEvent => roomEvent.Channel).Select(async channel => (channel.Key, Heard: await TellEventsAsync(channel.Key, [.. channel], patience))));
        ChannelId[] missed = [.. heard.Where(channel => !channel.Heard).Select(channel => channel.Key)];
        if (missed.Length > 0)
            _impatientUntil = Steady + ImpatientFor;
        return missed;
    }

    public Task Suspect(Guid incarnation) =>
        _connected is { } connected && connected.Registration.Incarnation == incarnation && connected.Lease.Suspect(Steady)
            ? ProbeAsync(connected, "its stream ended")
            : Task.CompletedTask;

    public Task<NodeStatus?> GetStatus() => Task.FromResult(_connected?.StatusAt(Now, Steady));

    public async Task<OpenedRoom> OpenRoom(ChannelId channel, RoomEpoch epoch, DtlsIdentity identity)
    {
        if (_connected is not { } connected)
            return new OpenedRoom { Error = VoiceError.Unavailable };

        // One that is there already is asked for again, to see that it lives.
        if (connected.Load.Draining && !_rooms.ContainsKey((channel, epoch)))
            return new OpenedRoom { Error = VoiceError.NoMediaNode };

        // Known before it is open, so that a node that dies meanwhile is a loss that the channel hears of.
        _rooms[(channel, epoch)] = Steady;
        var opened = await connected.Client.OpenRoomAsync(channel, epoch, channelOptions.Value.Slots, identity);
        if (_connected != connected)
            return new OpenedRoom { Error = VoiceError.Unavailable };
        // One that was refused is not there. What became of an order without an answer nobody knows: should the node be dead, the channel must hear it.
        if (opened.Error is VoiceError.UnknownRoom or VoiceError.StaleEpoch or VoiceError.NoMediaNode)
            _rooms.Remove((channel, epoch));
        return opened;
    }

    public async Task CloseRoom(ChannelId channel, RoomEpoch epoch)
    {
        // Until it is closed it is one that nobody renews, and is closed again.
        _rooms[(channel, epoch)] = Forgotten + CloseRetry;
        var error = await Command(client => client.CloseRoomAsync(channel, epoch));
        if (error is VoiceError.None or VoiceError.UnknownRoom || _connected is null)
            _rooms.Remove((channel, epoch));
        else
            LogNotDone("close", channel, epoch, _node, error);
    }

    public Task<VoiceError> AddEndpoint(EndpointSpec endpoint) => Command(client => client.AddEndpointAsync(endpoint));

    public Task<VoiceError> AcceptAnswer(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer) =>
        Command(client => client.AcceptAnswerAsync(channel, epoch, number, answer));

    public Task<VoiceError> UpdateEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen) =>
        Command(client => client.UpdateEndpointAsync(channel, epoch, number, canSpeak, canListen));

    public async Task<VoiceError> RemoveEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number)
    {
        var error = await Command(client => client.RemoveEndpointAsync(channel, epoch, number));
        return error == VoiceError.UnknownRoom ? VoiceError.None : error;
    }

    public Task<VoiceError> RestartIce(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd) =>
        Command(client => client.RestartIceAsync(channel, epoch, number, iceUfrag, icePwd));

    public Task<ReleasedEndpoint> ReleaseEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number) =>
        _connected is { } connected ? connected.Client.ReleaseEndpointAsync(channel, epoch, number) : Task.FromResult(new ReleasedEndpoint(VoiceError.Unavailable, null));

    public Task<ListedEndpoints> ListEndpoints(ChannelId channel, RoomEpoch epoch) =>
        _connected is { } connected ? connected.Client.ListEndpointsAsync(channel, epoch) : Task.FromResult(ListedEndpoints.Failed(VoiceError.Unavailable));

    public Task<VoiceError> AddLink(LinkSpec link) => Command(client => client.AddLinkAsync(link));

    public async Task RemoveLink(ChannelId channel, RoomEpoch epoch, string link)
    {
        if (await Command(client => client.RemoveLinkAsync(channel, epoch, link)) is not (VoiceError.None or VoiceError.UnknownRoom) and var error)
            LogNotDone("unlink", channel, epoch, _node, error);
    }

    public async Task<VoiceError> Drain(bool draining)
    {
        if (_connected is not { } connected)
            return Steady - DateTimeOffset.UnixEpoch < Newborn ? VoiceError.Unavailable : VoiceError.UnknownNode;

        var (error, drains) = await connected.Client.DrainAsync(draining);
        if (error != VoiceError.None)
            return error;

        LogOrdered(_node, draining ? "is to be empty" : "may be used again");
        // What it says with its next load anyway.
        connected.Load = connected.Load with { Draining = drains };
        await ShowAsync(connected);
        return VoiceError.None;
    }

    /// <summary>Read by the instruments, on their thread.</summary>
    private NodeFigures? Figures() => _connected is { } connected
        ? new NodeFigures(connected.Registration.Region.Value, connected.Load.Load, connected.Load.Draining, Steady - connected.Lease.LastBeat)
        : null;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A room that was not renewed since is closed.</summary>
    private DateTimeOffset Forgotten => Steady - (channelOptions.Value.IndexRenewal * RenewalsMissed);

    /// <summary>A clock that never jumps: set back, the other one would keep a dead node alive for as long.</summary>
    private DateTimeOffset Steady => DateTimeOffset.UnixEpoch + time.GetElapsedTime(_startedAt);

    private IChannelGrain Channel(ChannelId channel) => GrainFactory.GetGrain<IChannelGrain>(channel.Value);

    private IRegionGrain Region(RegionId region) => GrainFactory.GetGrain<IRegionGrain>(region.Value);

    private Task<VoiceError> Command(Func<IMediaNodeClient, Task<VoiceError>> command) =>
        _connected is { } connected ? command(connected.Client) : Task.FromResult(VoiceError.Unavailable);

    /// <summary>The region hears how the node is; and when it begins to drain, its channels do.</summary>
    private async Task ShowAsync(Connected connected)
    {
        var begins = connected.Load.Draining && connected.DrainingToldAt is null;
        connected.DrainingToldAt = connected.Load.Draining ? connected.DrainingToldAt ?? Steady : null;
        // The region first, or a channel would be sent straight back.
        await TellRegionAsync(connected, begins ? LossPatience : ReportPatience, region => region.Report(connected.StatusAt(Now, Steady)));
        if (begins)
            TellOfDrain(connected);
    }

    private void TellOfDrain(Connected connected)
    {
        connected.DrainingToldAt = Steady;
        var channels = Channels;
        LogDraining(_node, connected.Load.Endpoints, channels.Length);
        foreach (var channel in channels)
            _ = TellAsync(channel, grain => grain.NodeDraining(_node), "that its node is draining");
    }

    /// <summary>
    /// Rooms that the node carries and this grain may have forgotten. A channel that does not know one has it closed; one that does
    /// not answer renews it, or it is closed as any other that nobody renews.
    /// </summary>
    private void TellOfRooms(HeldRoom[] rooms)
    {
        foreach (var room in rooms)
            _rooms.TryAdd((room.Channel, room.Epoch), Steady);
        foreach (var channel in rooms.GroupBy(room => room.Channel))
        {
            RoomEpoch[] epochs = [.. channel.Select(room => room.Epoch)];
            _ = TellAsync(channel.Key, grain => grain.RoomsFound(_node, epochs), "which of its rooms a node carries");
        }
    }

    /// <summary>Its list is soft state: a region whose silo is away is not waited for.</summary>
    private async Task TellRegionAsync(Connected connected, TimeSpan patience, Func<IRegionGrain, Task> tell)
    {
        try
        {
            await tell(Region(connected.Registration.Region)).WaitAsync(patience, time);
        }
        catch (Exception exception)
        {
            LogRegionSilent(exception, connected.Registration.Region, _node);
        }
    }

    private ChannelId[] Channels => [.. _rooms.Keys.Select(room => room.Channel).Distinct()];

    /// <summary>One channel that cannot be reached keeps nothing from the others. True when it has heard it.</summary>
    private async Task<bool> TellAsync(ChannelId channel, Func<IChannelGrain, Task> tell, string what)
    {
        try
        {
            await tell(Channel(channel));
            return true;
        }
        catch (Exception exception)
        {
            // It looks after its rooms when it is there again.
            LogNotTold(exception, channel, what, _node);
            return false;
        }
    }

    /// <summary>One call to a channel at a time: one that does not answer is not asked again before it does.</summary>
    private async Task<bool> TellEventsAsync(ChannelId channel, RoomEvent[] events, TimeSpan patience)
    {
        if (_telling.TryGetValue(channel, out var before) && !before.IsCompleted)
            return false;

        var call = Channel(channel).NodeReported(_node, events);
        _telling[channel] = call;
        var heard = await TellAsync(channel, _ => call.WaitAsync(patience, time), "what happened in its rooms");
        if (call.IsCompleted)
            _telling.Remove(channel);
        return heard;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_connected is not { } connected)
            return;

        if (connected.DrainingToldAt is { } told && Steady - told >= DrainReminder)
            TellOfDrain(connected);
        // Not waited for: a node that takes its time to close a room is still looked after.
        CloseForgotten();
        if (connected.Lease.Check(Steady))
            await ProbeAsync(connected, "it was silent");
    }

    private void CloseForgotten()
    {
        // A channel whose grain was killed between asking for a room and writing it down does not know that it has one.
        var forgotten = Forgotten;
        foreach (var (channel, epoch) in _rooms.Where(room => room.Value < forgotten).Select(room => room.Key).ToArray())
            _ = CloseRoom(channel, epoch);
    }

    private async Task ProbeAsync(Connected connected, string suspicion)
    {
        var found = await connected.Client.ProbeAsync(connected.Registration.Incarnation, _options.ProbeTimeout);
        if (connected.Lease.Probed(found, Steady) && _connected == connected)
        {
            metrics.LeaseEnded();
            var (lease, now) = (connected.Lease, Steady);
            LogLeaseEnded(
                _node, connected.Registration.Incarnation, suspicion, (lease.SuspectedAt!.Value - lease.LastBeat).TotalMilliseconds, (now - lease.LastBeat).TotalMilliseconds);
            await ForgetAsync(connected);
        }
    }

    private async Task ForgetAsync(Connected connected)
    {
        if (_connected != connected)
            return;

        DelayDeactivation(TimeSpan.Zero);
        await TellOfLossAsync(Lose(connected), region: null);
    }

    /// <summary>The node, as it was, is gone with its rooms.</summary>
    private Loss Lose(Connected connected)
    {
        var loss = new Loss(connected, Channels, connected.LastHeard(Now, Steady), connected.HeardSince(Now, Steady));
        _connected = null;
        _rooms.Clear();
        _telling.Clear();
        connected.Client.Dispose();
        return loss;
    }

    /// <summary>Its channels hear it at once, all at the same time.</summary>
    /// <param name="loss">What they lost.</param>
    /// <param name="region">Where the node's next incarnation is; null: there is none.</param>
    private async Task TellOfLossAsync(Loss loss, RegionId? region)
    {
        // First out of the region, or the channels would be sent straight back.
        if (loss.Node.Registration.Region != region)
            await TellRegionAsync(loss.Node, LossPatience, left => left.Remove(_node));
        var told = Task.WhenAll(loss.Channels.Select(channel => TellAsync(channel, grain => grain.NodeLost(_node, loss.LastHeard, loss.HeardSince), "that its node is gone")));
        await Task.WhenAny(told, Task.Delay(ChannelPatience, time));
    }

    [LoggerMessage(LogLevel.Information, "Media node {Node} of region {Region} is registered as {Incarnation} at {Url}")]
    private partial void LogRegistered(MediaNodeId node, RegionId region, Guid incarnation, string url);

    [LoggerMessage(LogLevel.Warning, "Media node {Node} is gone: incarnation {Incarnation} was suspected {SuspectedAfter:0} ms after its last beat, as {Suspicion}, and its lease ended {EndedAfter:0} ms after it, as no probe was answered")]
    private partial void LogLeaseEnded(MediaNodeId node, Guid incarnation, string suspicion, double suspectedAfter, double endedAfter);

    [LoggerMessage(LogLevel.Information, "Media node {Node} {Order}")]
    private partial void LogOrdered(MediaNodeId node, string order);

    [LoggerMessage(LogLevel.Information, "Media node {Node} is draining: {Endpoints} endpoints of {Channels} channels are to move")]
    private partial void LogDraining(MediaNodeId node, int endpoints, int channels);

    [LoggerMessage(LogLevel.Warning, "{Channel} could not be told {What}, {Node}")]
    private partial void LogNotTold(Exception exception, ChannelId channel, string what, MediaNodeId node);

    [LoggerMessage(LogLevel.Warning, "Region {Region} could not be told in time how media node {Node} is")]
    private partial void LogRegionSilent(Exception exception, RegionId region, MediaNodeId node);

    [LoggerMessage(LogLevel.Information, "Could not {Command} in {Channel}, epoch {Epoch}, on {Node}: {Error}")]
    private partial void LogNotDone(string command, ChannelId channel, RoomEpoch epoch, MediaNodeId node, VoiceError error);

    /// <summary>An incarnation that is gone, and whom it takes something from.</summary>
    private sealed record Loss(Connected Node, ChannelId[] Channels, DateTimeOffset LastHeard, DateTimeOffset HeardSince);

    /// <summary>One incarnation of the node while its lease runs.</summary>
    private sealed class Connected(NodeRegistration registration, IMediaNodeClient client, NodeLease lease)
    {
        public NodeRegistration Registration { get; } = registration;

        public IMediaNodeClient Client { get; } = client;

        public NodeLease Lease { get; } = lease;

        public NodeLoad Load { get; set; } = NodeLoad.Idle;

        /// <summary>When its channels were last told that it drains; null: not yet.</summary>
        public DateTimeOffset? DrainingToldAt { get; set; }

        public bool IsAt(NodeRegistration registration) =>
            Registration.ControlUrl == registration.ControlUrl && Registration.ControlToken == registration.ControlToken;

        /// <summary>In the world's time, from that of the lease.</summary>
        public DateTimeOffset LastHeard(DateTimeOffset now, DateTimeOffset steady) => now - (steady - Lease.LastBeat);

        public DateTimeOffset HeardSince(DateTimeOffset now, DateTimeOffset steady) => now - (steady - Lease.HeardSince);

        public NodeStatus StatusAt(DateTimeOffset now, DateTimeOffset steady) =>
            new() { Registration = Registration, Load = Load, LastBeat = LastHeard(now, steady), Draining = Load.Draining };
    }
}
