using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Channels.Timing;

namespace Hype.Grains.Channels;

/// <summary>
/// Makes all decisions of a channel, without a clock, a network or a grain. Each input is one <see cref="Step"/>:
/// <list type="number">
/// <item>apply the input to the part of the channel that owns the state;</item>
/// <item>reconcile: bring members, mode, endpoints, links and layouts to the state that the rules want now;</item>
/// <item>publish the roster's changes, at once or as a batch;</item>
/// <item>return the effects, in the order in which they must be carried out.</item>
/// </list>
/// <see cref="NextDeadline"/> is the time of the next <see cref="Tick"/>.
/// </summary>
internal sealed class ChannelMachine
{
    private readonly ChannelOptions _options;

    private readonly EffectList _effects = new();
    private readonly Roster _roster;
    private readonly Membership _members;
    private readonly LayoutTransition _transition;
    private readonly ChannelLayouts _layouts;
    private readonly EndpointPlanner _endpoints;
    private readonly RoomLinks _links;
    private readonly RosterPublisher _publisher;
    private readonly SpeakerPublisher _speakers;
    private readonly NodeInputs _nodes;
    private readonly ChannelSnapshots _snapshots;

    /// <summary>
    /// Creates the channel, from its checkpoint if there is one. The first step then returns the orders that verify the stored rooms at
    /// their nodes.
    /// </summary>
    public ChannelMachine(
        ChannelId channel, ChannelOptions options, ChannelSettings settings,
        long incarnation, DateTimeOffset now, ChannelCheckpoint? checkpoint = null)
    {
        _options = options;
        Settings = settings;
        _roster = new Roster(
            checkpoint?.RosterVersion ?? 0,
            checkpoint?.NumberLimit ?? default,
            checkpoint?.Members.Select(member => member.AwaySince(now, options.ResumeWindow)));
        _transition = new LayoutTransition(options, _effects, checkpoint?.EpochLimit ?? default);
        _links = new RoomLinks(_transition, _effects, incarnation);
        _endpoints = new EndpointPlanner(
            options, _roster, _transition, _links, _effects, (member, reason) => _members!.End(member, reason));
        _members = new Membership(options, _roster, _endpoints, _effects);
        var initial = checkpoint?.Layout ?? new Layout(default, ChannelMode.P2P, ModeReason.Created, now);
        _layouts = new ChannelLayouts(options, _roster, _transition, _effects, initial);
        _publisher = new RosterPublisher(options, _roster, _effects);
        _speakers = new SpeakerPublisher(_roster, _effects);
        WantedOrders = new WantedOrders(_roster, _transition, _endpoints);
        _nodes = new NodeInputs(_roster, _members, _transition, _layouts, _endpoints, _links, _speakers, _effects);
        _snapshots = new ChannelSnapshots(channel, incarnation, _roster, _transition, _layouts, _links, _speakers, _effects);
        if (checkpoint is not null)
            _snapshots.Restore(checkpoint, now);
    }

    public ChannelSettings Settings { get; private set; }

    public IWantedOrders WantedOrders { get; }

    public int Count => _roster.Count;

    public int Limit => Settings.MaxParticipants ?? _options.MaxParticipants;

    /// <inheritdoc cref="Membership.Gateways"/>
    public IReadOnlySet<string> Gateways => _members.Gateways;

    /// <inheritdoc cref="ChannelLayouts.Current"/>
    public Layout Current => _layouts.Current;

    /// <inheritdoc cref="ChannelLayouts.Rooms"/>
    public ImmutableArray<RoomAssignment> Rooms => _layouts.Rooms;

    public ChannelSummary Summary => _snapshots.Summary;

    /// <summary>The time at which the channel needs a <see cref="Tick"/>; null if only other inputs change it.</summary>
    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        _layouts.NextDeadline, _endpoints.NextDeadline, _links.NextDeadline, _publisher.NextDeadline, _members.NextDeadline);

    public ChannelSnapshot Snapshot() => _snapshots.Snapshot(Settings);

    public ChannelExplanation Explain() => _snapshots.Explain(Settings);

    public ChannelCheckpoint Checkpoint() => _snapshots.Checkpoint(Settings);

    public Member? Find(SessionId session) => _roster.Find(session);

    public Member? Find(MemberNumber number) => _roster.Find(number);

    /// <summary>Returns true if a member had this number and is not in the channel any longer.</summary>
    public bool HasLeft(MemberNumber number) => number > default(MemberNumber) && number <= _roster.LastNumber && Find(number) is null;

    public Member? FindIdentity(string identity) => _roster.FindIdentity(identity);

    /// <summary>Returns the room that holds the endpoint of a member in a layout; null if the member has no endpoint there.</summary>
    public Room? RoomOf(SessionId session, LayoutEpoch epoch) =>
        _roster.Find(session) is { } member ? _endpoints.RoomOf(epoch, member.Number) : null;

    /// <inheritdoc cref="ChannelLayouts.Check"/>
    public VoiceError Check(ChannelSettings settings) => _layouts.Check(settings);

    public StepResult Step(ChannelInput input, DateTimeOffset now)
    {
        var (error, member) = Apply(input, now);
        Reconcile(now);
        // A lost gateway receives nothing after this step, and its batch must contain the end of its own members.
        if (input is PublishRoster or GatewayLost)
            _publisher.Publish();
        else
            _publisher.PublishIfDue(now);
        return new StepResult(_effects.Take(), error, member);
    }

    private (VoiceError Error, Member? Member) Apply(ChannelInput input, DateTimeOffset now)
    {
        switch (input)
        {
            case Join join:
                return Admit(join.Admission, now);
            case Resume resume:
                return _members.Resume(resume, now);
            case Transfer transfer:
                return (_members.Transfer(transfer.Session, transfer.Channel, transfer.Seat), null);
            case SetServerMute mute:
                return (_members.SetServerMute(mute.Number, mute.Muted), null);
            case SetGrants set:
                return (_members.SetGrants(set.Number, set.Grants), null);
            case SetAttributes set:
                return (_members.SetAttributes(set.Number, set.Attributes), null);
            case RequestLayout request:
                return (_layouts.Request(Settings.Mode, request.Mode, request.Reason, now), null);
            case Answered answered:
                return (AcceptAnswer(answered), null);
            case Attach attach:
                _members.Attach(attach.GatewayId, attach.Sessions, now);
                break;
            case Detach detach:
                _members.Detach(detach.Session, detach.GatewayId, detach.Age, now);
                break;
            case GatewayLost lost:
                _members.LoseGateway(lost.GatewayId, lost.Age, now);
                break;
            case Leave leave:
                _members.Leave(leave.Session, leave.Reason);
                break;
            case Close:
                _members.EndAll(LeaveReason.ChannelClosed);
                break;
            case SetState set:
                _members.SetState(set.Session, set.Muted, set.Deafened);
                break;
            case SetQuality set:
                _members.SetClientQuality(set.Session, set.Quality);
                break;
            case UpdateSettings update:
                Settings = update.Settings;
                break;
            case Ready ready when _roster.Find(ready.Session) is { } member:
                _layouts.Ready(member, ready.Layout);
                break;
            case ConnectionFailed failed when _roster.Find(failed.Session) is { Away: false } member:
                if (failed.Peer is { } peer)
                    _layouts.PairFailed(failed.Layout, member, peer);
                else
                    _endpoints.OnConnectionFailed(failed.Layout, member, now);
                break;
            case NodeAnswered answer:
                _nodes.Apply(answer, now);
                break;
            case NodeReported report:
                _nodes.Apply(report, now);
                break;
            case NodeLost lost:
                _layouts.LoseNode(lost, now);
                break;
            case NodeDraining draining:
                _layouts.DrainNode(draining.Node, now);
                break;
            case RoomsFound found:
                _layouts.CloseUnused(found.Node, found.Epochs);
                break;
            case RenewRooms:
                _layouts.RenewRooms();
                break;
        }

        return (VoiceError.None, null);
    }

    private void Reconcile(DateTimeOffset now)
    {
        _members.ExpireAway(now);
        var before = _transition.Current?.Epoch;
        if (Count == 0)
        {
            _layouts.Clear();
            _links.Clear();
        }
        else
        {
            _layouts.Decide(Settings.Mode, now);
            _endpoints.Reconcile(now);
            _links.Reconcile(now);
        }

        _layouts.CommitIfReady(now);
        if (_transition.Current is { } current && current.Epoch != before)
        {
            _speakers.Set(null);
            _members.ClearNodeQuality();
        }

        _speakers.Reconcile();
    }

    private (VoiceError Error, Member? Member) Admit(Admission admission, DateTimeOffset now)
    {
        var error = _members.Check(admission, Limit, now);
        if (error != VoiceError.None)
            return (error, null);
        return _members.FindAdmitted(admission, now)
            ?? (error, _members.Admit(admission, _layouts.EpochForJoiner(Settings.Mode, admission.Region, now), now));
    }

    private VoiceError AcceptAnswer(Answered answered)
    {
        if (_roster.Find(answered.Session) is not { } member)
            return VoiceError.UnknownParticipant;
        // After a restart of the grain an answer may arrive again whose offer is no longer known.
        if (_endpoints.Find(answered.Layout, member.Number) is not { } endpoint || endpoint is { Offer: null, Answered: false })
            return VoiceError.StaleEpoch;
        endpoint.SetAnswered();
        return VoiceError.None;
    }
}
