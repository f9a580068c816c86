using System.Collections.Immutable;
using System.Threading.Channels;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A mesh that admits everyone, tells its gateway, and writes down what it was asked.</summary>
internal sealed class FakeChannel(ChannelId id) : IChannelGrain
{
    private readonly Lock _gate = new();
    private readonly Channel<string> _calls = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly List<Participant> _roster = [];
    private readonly List<string> _heard = [];
    private IGatewayObserver? _observer;
    private long _version;
    private long _sequence;
    private uint _numbers;

    public long Incarnation { get; set; } = 1;

    public Layout Current { get; set; } = new(new(1), ChannelMode.P2P, ModeReason.Created, DateTimeOffset.UnixEpoch);

    /// <summary>When set, every call fails with it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>When set, what may be refused is, with it.</summary>
    public VoiceError Refusal { get; set; }

    /// <summary>When set, joining answers this error.</summary>
    public VoiceError JoinError { get; set; }

    /// <summary>When set, joining waits for it.</summary>
    public TaskCompletionSource? JoinGate { get; set; }

    /// <summary>Of the newest join: the gateway does not wait for it any more.</summary>
    public CancellationToken JoinGivenUp { get; private set; }

    public IReadOnlyList<Participant> Roster => _roster;

    /// <summary>Every call so far.</summary>
    public string[] Heard { get { lock (_gate) return [.. _heard]; } }

    /// <summary>Waits until the gateway has asked this, as in <c>Detach 1</c>; earlier calls are skipped.</summary>
    public async Task Called(string call)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _calls.Reader.ReadAsync(timeout.Token) != call)
        {
        }
    }

    public Task Tell(params ChannelEvent[] events) => _observer!.ChannelChanged(new ChannelEventBatch(id, Incarnation, ++_sequence, [.. events]));

    /// <summary>A batch that never arrives.</summary>
    public void Lose() => _sequence++;

    public Participant Find(MemberNumber number) => _roster.Single(participant => participant.Number == number);

    public RosterChanged Change(Participant participant)
    {
        _roster[_roster.FindIndex(line => line.Number == participant.Number)] = participant;
        return new RosterChanged(++_version, [], [participant], []);
    }

    public async Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken)
    {
        JoinGivenUp = cancellationToken;
        Note($"Join {request.Identity}");
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
                Session = SessionId.New(),
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

        await Tell(new RosterChanged(++_version, [joined], [], []));
        return Seat(joined);
    }

    public Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken)
    {
        Note("Resume");
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
        Note($"Attach {string.Join(',', sessions.Select(session => _roster.Find(participant => participant.Session == session)?.Number).Order())}");
        return Task.FromResult(Snapshot());
    }

    public Task Detach(SessionId session, string gatewayId) => Did($"Detach {NumberOf(session)}");

    public Task Leave(SessionId session, LeaveReason reason) => Did($"Leave {NumberOf(session)} {reason}");

    public Task SetState(SessionId session, bool muted, bool deafened) => Did($"SetState {NumberOf(session)} {muted} {deafened}");

    public Task SetQuality(SessionId session, ConnectionQuality quality) => Did($"SetQuality {NumberOf(session)} {quality}");

    public Task Ready(SessionId session, LayoutEpoch epoch) => Did($"Ready {NumberOf(session)} {epoch}");

    public Task<VoiceError> Answer(SessionId session, SfuAnswer answer) => Answered($"Answer {NumberOf(session)} {answer.Epoch}");

    public Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer) => Did($"ConnectionFailed {NumberOf(session)} {epoch} {peer}");

    public Task<ChannelSnapshot> GetSnapshot() => Task.FromResult(Snapshot());

    public Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken) => Answered($"UpdateSettings {settings.Mode} {settings.MaxParticipants}");

    public Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken) => Answered($"Create {settings.Mode} {settings.Name}");

    public Task<VoiceError> Close(bool forget, CancellationToken cancellationToken) => Answered($"Close {forget}");

    public Task<VoiceError> Move(MemberNumber number, ChannelId to) => Answered($"Move {number} {to}");

    public Task<VoiceError> SetGrants(MemberNumber number, Grants grants) => Answered($"SetGrants {number} {grants}");

    public Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes) =>
        Answered($"SetAttributes {number} {string.Join(',', attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"))}");

    /// <summary>What happened, for those who watch; one who begins gets a snapshot.</summary>
    public Channel<ChannelNews> News { get; } = System.Threading.Channels.Channel.CreateUnbounded<ChannelNews>();

    public async Task<ChannelReading> ReadNews(long? after)
    {
        Note($"ReadNews {after}");
        if (after is null)
            return new ChannelReading([], Snapshot(), 0);
        var news = await News.Reader.ReadAsync();
        return new ChannelReading([news], null, news.Number);
    }

    public Task<ChannelExplanation> Explain() => Task.FromResult(new ChannelExplanation
    {
        Snapshot = Snapshot(),
        Mode = new ModeExplanation(ModePolicy.Auto, _roster.Count, 8, 6, false, null, null, null),
        Rooms = [new RoomExplanation(new RoomAssignment(new("eu"), new("node-1"), new(2), new(2)), [new("eu")], [new MemberNumber(1)], false, [new MemberNumber(1), MemberNumber.None], PlacementReason.Sticky)],
        Links = [new LinkExplanation(new(2), new(3), true)],
        History = [new ChannelNews(1, DateTimeOffset.UnixEpoch, new ModeChanged(Current, true))],
    });

    public Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason) => Answered($"RequestLayout {mode} {reason}");

    public Task<VoiceError> SetServerMute(MemberNumber number, bool muted) => Answered($"SetServerMute {number} {muted}");

    public Task<VoiceError> Kick(MemberNumber number) => Answered($"Kick {number}");

    public Task<VoiceError> SetBan(Ban ban, CancellationToken cancellationToken) => Answered($"SetBan {ban.Identity} {ban.Reason}");

    public Task<VoiceError> LiftBan(string identity, CancellationToken cancellationToken) => Answered($"LiftBan {identity}");

    public Task<Ban[]> GetBans() => Task.FromResult<Ban[]>([new Ban("mallory", "noise", null)]);

    public Task NodeReported(MediaNodeId node, RoomEvent[] events) => Did("NodeReported");

    public Task NodeLost(MediaNodeId node, DateTimeOffset lastHeard, DateTimeOffset heardSince) => Did("NodeLost");

    public Task NodeDraining(MediaNodeId node) => Did("NodeDraining");

    public Task LookAfter() => Did("LookAfter");

    public Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs) => Did("RoomsFound");

    private MemberNumber NumberOf(SessionId session) => _roster.Single(participant => participant.Session == session).Number;

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
        Settings = ChannelSettings.Default,
        Participants = _roster.ToImmutableArray(),
    };

    private Task Did(string call)
    {
        Note(call);
        return Task.CompletedTask;
    }

    private Task<VoiceError> Answered(string call)
    {
        Note(call);
        return Task.FromResult(Refusal);
    }

    private void Note(string call)
    {
        lock (_gate)
            _heard.Add(call);
        _calls.Writer.TryWrite(call);
        if (Failure is { } failure)
            throw failure;
    }
}

internal sealed class FakeParticipant : ISessionMailboxGrain
{
    private readonly Channel<PeerSignal> _signals = System.Threading.Channels.Channel.CreateUnbounded<PeerSignal>();

    public async Task<PeerSignal> NextSignal()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _signals.Reader.ReadAsync(timeout.Token);
    }

    public Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway) => Task.CompletedTask;

    public Task Detach(string gatewayId) => Task.CompletedTask;

    public Task<VoiceError> Signal(ChannelId channel, PeerSignal signal)
    {
        _signals.Writer.TryWrite(signal);
        return Task.FromResult(VoiceError.None);
    }

    public Task ReportQuality(QualityReport report) => Task.CompletedTask;

    public Task End() => Task.CompletedTask;
}
