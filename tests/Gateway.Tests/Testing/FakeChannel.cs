using System.Collections.Immutable;
using System.Threading.Channels;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A channel grain for tests, in mesh mode: it admits every member, publishes to its gateway, and records its calls.</summary>
internal sealed class FakeChannel(ChannelId id) : IChannelGrain
{
    private readonly Lock _gate = new();
    private readonly Channel<string> _calls = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly List<Participant> _roster = [];
    private readonly List<string> _recorded = [];
    private IGatewayObserver? _observer;
    private long _version;
    private long _sequence;
    private uint _numbers;

    public long Incarnation { get; set; } = 1;

    public Layout Current { get; set; } = new(new(1), ChannelMode.P2P, ModeReason.Created, DateTimeOffset.UnixEpoch);

    public ChannelSettings Settings { get; set; } = ChannelSettings.Default;

    /// <summary>The exception that every call throws; null: calls succeed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The error that calls other than a join return; <c>None</c>: they succeed.</summary>
    public VoiceError Refusal { get; set; }

    /// <summary>The result of the moderators' orders that are not refused.</summary>
    public ModerationResult Moderation { get; set; } = ModerationResult.Stored;

    /// <summary>The error that a join returns; <c>None</c>: the join succeeds.</summary>
    public VoiceError JoinError { get; set; }

    /// <summary>A task that a join waits for before it answers; null: it answers at once.</summary>
    public TaskCompletionSource? JoinGate { get; set; }

    /// <summary>The cancellation token of the newest join, which the gateway cancels when it stops waiting.</summary>
    public CancellationToken JoinCancelled { get; private set; }

    /// <summary>The session that the newest join names.</summary>
    public SessionId JoinSession { get; private set; }

    /// <summary>The session that the newest leave names.</summary>
    public SessionId LeaveSession { get; private set; }

    public IReadOnlyList<Participant> Roster => _roster;

    /// <summary>The calls that the channel has received so far, each as a text such as <c>Detach 1</c>.</summary>
    public string[] Calls
    {
        get
        {
            lock (_gate)
                return [.. _recorded];
        }
    }

    /// <summary>Waits until the channel has received a call such as <c>Detach 1</c>; earlier calls are skipped.</summary>
    public async Task Called(string call)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _calls.Reader.ReadAsync(timeout.Token) != call)
        {
        }
    }

    public Task Publish(params ChannelEvent[] events) =>
        _observer!.ChannelChanged(new ChannelEventBatch(id, Incarnation, ++_sequence, [.. events]));

    /// <summary>Skips a batch number, as if a batch were lost on its way to the gateway.</summary>
    public void Lose() => _sequence++;

    /// <summary>Adds members without a socket, such as members at other gateways.</summary>
    public void AddMembers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = new MemberNumber(++_numbers);
            _roster.Add(ChannelSamples.Member(number) with { SinceEpoch = Current.Epoch });
        }

        _version += count;
    }

    public Participant Find(MemberNumber number) => _roster.Single(participant => participant.Number == number);

    public RosterChanged Change(Participant participant)
    {
        _roster[_roster.FindIndex(member => member.Number == participant.Number)] = participant;
        return new RosterChanged(++_version, [], [participant], []);
    }

    public async Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken)
    {
        JoinCancelled = cancellationToken;
        JoinSession = request.Session;
        Record($"Join {request.Identity}");
        if (JoinGate is { } gate)
            await gate.Task;
        if (JoinError != VoiceError.None)
            return JoinResult.Failed(JoinError);
        _observer = request.Gateway.Observer;
        Participant joined;
        lock (_gate)
        {
            joined = new Participant
            {
                Session = request.Session,
                Number = new MemberNumber(++_numbers),
                Identity = request.Identity,
                Name = request.Name,
                Grants = request.Grants,
                Muted = request.Muted,
                Deafened = request.Deafened,
                SinceEpoch = Current.Epoch,
            };
            _roster.Add(joined);
        }

        await Publish(new RosterChanged(++_version, [joined], [], []));
        return Seat(joined);
    }

    public Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken)
    {
        Record("Resume");
        var found = _roster.Find(participant => $"token-{participant.Session}" == request.ResumeToken);
        if (found is null)
            return Task.FromResult(JoinResult.Failed(VoiceError.SessionExpired));
        _observer = request.Gateway.Observer;
        return Task.FromResult(Seat(found));
    }

    public Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions)
    {
        _observer = gateway.Observer;
        _sequence = 0;
        var numbers = sessions.Select(session => _roster.Find(participant => participant.Session == session)?.Number).Order();
        Record($"Attach {string.Join(',', numbers)}");
        return Task.FromResult(Snapshot());
    }

    public Task Detach(SessionId session, string gatewayId) => RecordAsync($"Detach {NumberOf(session)}");

    public Task GatewayLost(string gatewayId) => RecordAsync("GatewayLost");

    public Task Leave(SessionId session, LeaveReason reason)
    {
        LeaveSession = session;
        return RecordAsync($"Leave {NumberOf(session)} {reason}");
    }

    public Task SetState(SessionId session, bool muted, bool deafened) => RecordAsync($"SetState {NumberOf(session)} {muted} {deafened}");

    public Task SetQuality(SessionId session, ConnectionQuality quality) => RecordAsync($"SetQuality {NumberOf(session)} {quality}");

    public Task Ready(SessionId session, LayoutEpoch epoch) => RecordAsync($"Ready {NumberOf(session)} {epoch}");

    public Task<VoiceError> Answer(SessionId session, SfuAnswer answer) => AnswerAsync($"Answer {NumberOf(session)} {answer.Epoch}");

    public Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer) =>
        RecordAsync($"ConnectionFailed {NumberOf(session)} {epoch} {peer}");

    public Task<bool> HasSession(SessionId session) => Task.FromResult(_roster.Exists(participant => participant.Session == session));

    public Task<ChannelSnapshot> GetSnapshot() => Task.FromResult(Snapshot());

    public Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken) =>
        AnswerAsync($"UpdateSettings {settings.Mode} {settings.MaxParticipants}");

    public Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken) =>
        AnswerAsync($"Create {settings.Mode} {settings.Name}");

    public Task<VoiceError> Close(bool forget, CancellationToken cancellationToken) => AnswerAsync($"Close {forget}");

    public Task<VoiceError> Move(MemberNumber number, ChannelId to) => AnswerAsync($"Move {number} {to}");

    public Task<ModerationResult> SetGrants(MemberNumber number, Grants grants) => ModeratedAsync($"SetGrants {number} {grants}");

    public Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes) =>
        AnswerAsync($"SetAttributes {number} {string.Join(',', attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"))}");

    /// <summary>The events that watchers of the channel receive; a new watcher gets a snapshot first.</summary>
    public Channel<ChannelNews> News { get; } = System.Threading.Channels.Channel.CreateUnbounded<ChannelNews>();

    public async Task<ChannelReading> ReadNews(long? after)
    {
        Record($"ReadNews {after}");
        if (after is null)
            return new ChannelReading([], Snapshot(), 0);
        var news = await News.Reader.ReadAsync();
        return new ChannelReading([news], null, news.Number);
    }

    public Task<ChannelExplanation> Explain() => Task.FromResult(new ChannelExplanation
    {
        Snapshot = Snapshot(),
        Mode = new ModeExplanation(ModePolicy.Auto, _roster.Count, 8, 6, false, null, null, null),
        Rooms = [
            new RoomExplanation(
                new RoomAssignment(new("eu"), new("node-1"), new(2), new(2)),
                [new("eu")],
                [new MemberNumber(1)],
                false,
                [new MemberNumber(1), MemberNumber.None],
                PlacementReason.Sticky)],
        Links = [new LinkExplanation(new(2), new(3), true)],
        History = [new ChannelNews(1, DateTimeOffset.UnixEpoch, new ModeChanged(Current, true))],
    });

    public Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason) => AnswerAsync($"RequestLayout {mode} {reason}");

    public Task<ModerationResult> SetServerMute(MemberNumber number, bool muted) =>
        ModeratedAsync($"SetServerMute {number} {muted}");

    public Task<ModerationResult> Kick(MemberNumber number) => ModeratedAsync($"Kick {number}");

    public Task<ModerationResult> SetBan(Ban ban, CancellationToken cancellationToken) =>
        ModeratedAsync($"SetBan {ban.Identity} {ban.Reason}");

    public Task<ModerationResult> LiftBan(string identity, CancellationToken cancellationToken) =>
        ModeratedAsync($"LiftBan {identity}");

    public Task<Ban[]> GetBans() => Task.FromResult<Ban[]>([new Ban("mallory", "noise", null)]);

    public Task<ModerationResult> LiftRestriction(string identity, CancellationToken cancellationToken) =>
        ModeratedAsync($"LiftRestriction {identity}");

    public Task<RestrictedIdentity[]> GetRestrictions() => Task.FromResult<RestrictedIdentity[]>(
        [new RestrictedIdentity("mallory", new Restriction { ServerMuted = true, Denied = Grants.Speak })]);

    public Task NodeReported(MediaNodeId node, RoomEvent[] events) => RecordAsync("NodeReported");

    public Task NodeLost(MediaNodeId node, TimeSpan silentFor, TimeSpan ackedFor) => RecordAsync("NodeLost");

    public Task NodeDraining(MediaNodeId node) => RecordAsync("NodeDraining");

    public Task EnsureActive() => RecordAsync("EnsureActive");

    public Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs) => RecordAsync("RoomsFound");

    private MemberNumber? NumberOf(SessionId session) => _roster.Find(participant => participant.Session == session)?.Number;

    private JoinResult Seat(Participant participant) => new()
    {
        Session = participant.Session,
        Number = participant.Number,
        ResumeToken = $"token-{participant.Session}",
        Snapshot = Snapshot(),
    };

    private ChannelSnapshot Snapshot() => new()
    {
        Channel = id,
        Incarnation = Incarnation,
        RosterVersion = _version,
        Current = Current,
        Settings = Settings,
        Participants = _roster.ToImmutableArray(),
    };

    private Task RecordAsync(string call)
    {
        Record(call);
        return Task.CompletedTask;
    }

    private Task<ModerationResult> ModeratedAsync(string call)
    {
        Record(call);
        return Task.FromResult(Refusal == VoiceError.None ? Moderation : ModerationResult.Refused(Refusal));
    }

    private Task<VoiceError> AnswerAsync(string call)
    {
        Record(call);
        return Task.FromResult(Refusal);
    }

    private void Record(string call)
    {
        lock (_gate)
            _recorded.Add(call);
        _calls.Writer.TryWrite(call);
        if (Failure is { } failure)
            throw failure;
    }
}
