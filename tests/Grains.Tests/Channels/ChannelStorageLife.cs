using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;
using Orleans.Core.Internal;

namespace Hype.Grains.Tests.Channels;

/// <summary>A step of <see cref="ChannelStorageLife"/>.</summary>
public enum StorageAct
{
    Join, Leave, Ban, Unban, Mute, Unmute, Deny, Lift, Kick, Settings, Create, Forget,
    Hold, ReleaseCommit, ReleaseFail, ReleaseCommitAndFail, NextFails, NextCommitsAndFails,

    /// <summary>The activation ends without another write.</summary>
    Crash,
}

public readonly record struct StorageStep(StorageAct Act, int Person)
{
    public override string ToString() => Act < StorageAct.Settings ? $"{Act} {Person}" : $"{Act}";
}

/// <summary>
/// Runs steps against a real channel grain over scripted storage. It starts requests without waiting for the answers of earlier ones, and
/// checks after each change of the row and after each answer:
/// <list type="bullet">
/// <item>An order that was acknowledged as stored is in the row, until a later order of the same kind.</item>
/// <item>An identity has one seat, and the channel has no more members than its limit.</item>
/// <item>The activation ends only in a crash.</item>
/// </list>
/// </summary>
internal sealed class ChannelStorageLife(SiloInProcess silo, string channel, WriteScript script, int limit)
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<Order> _orders = [];
    private readonly List<string> _violations = [];
    private readonly List<Task> _running = [];

    /// <summary>The last known members: a moderator may kick a member that has left meanwhile.</summary>
    private readonly Dictionary<string, Participant> _seen = [];

    private readonly RecordingGateway _gateway = new("g1");
    private long _incarnation;
    private int _named;

    private IChannelGrain Grain => silo.Channel(channel);

    public async Task RunAsync(StorageStep[] steps)
    {
        script.Changed = state => Check((ChannelState)state);
        _incarnation = (await Grain.GetSnapshot()).Incarnation;
        foreach (var step in steps)
        {
            await StartAsync(step);
            await CheckSeatsAsync();
        }

        script.Release(WriteOutcome.Commit);
        await Task.WhenAll(_running).WaitAsync(StepTimeout);
        await CheckRecoveryAsync();
        lock (_gate)
            Assert.That(_violations, Is.Empty);
    }

    private async Task StartAsync(StorageStep step)
    {
        var identity = $"person-{step.Person}";
        switch (step.Act)
        {
            case StorageAct.Join:
                Run(silo.Join(channel, identity, _gateway));
                break;
            case StorageAct.Leave when await FindAsync(identity) is { } member:
                Run(Grain.Leave(member.Session, LeaveReason.Left));
                break;
            case StorageAct.Ban:
                Moderate($"ban {identity}", state => state.Bans.Any(ban => ban.Identity == identity),
                    () => Grain.SetBan(new Ban(identity, "", null)));
                break;
            case StorageAct.Unban:
                Moderate($"ban {identity}", state => state.Bans.All(ban => ban.Identity != identity), () => Grain.LiftBan(identity));
                break;
            case StorageAct.Mute or StorageAct.Unmute when await FindAsync(identity) is { } member:
                var muted = step.Act == StorageAct.Mute;
                Moderate($"mute {identity}", state => state.Restrictions.Of(identity).ServerMuted == muted,
                    () => Grain.SetServerMute(member.Number, muted));
                break;
            case StorageAct.Deny when await FindAsync(identity) is { } member:
                Moderate($"deny {identity}", state => state.Restrictions.Of(identity).Denied.HasFlag(Grants.Speak),
                    () => Grain.SetGrants(member.Number, Grants.Join | Grants.Listen));
                break;
            case StorageAct.Lift:
                Order[] lifted =
                [
                    new($"mute {identity}", state => !state.Restrictions.Of(identity).ServerMuted),
                    new($"deny {identity}", state => state.Restrictions.Of(identity).Denied == Grants.None),
                ];
                Start(lifted, async () => await Grain.LiftRestriction(identity) is { Error: VoiceError.None, IsStored: true });
                break;
            case StorageAct.Kick when (await FindAsync(identity) ?? _seen.GetValueOrDefault(identity)) is { } member:
                Moderate($"kick {member.Session}", state => state.Checkpoint!.Members.All(other => other.Session != member.Session),
                    () => Grain.Kick(member.Number));
                break;
            case StorageAct.Settings:
                var name = $"name-{++_named}";
                Change("settings", state => state.Settings.Name == name, () => Grain.UpdateSettings(new ChannelSettings { Name = name }));
                break;
            case StorageAct.Create:
                var created = $"created-{++_named}";
                Change("settings", state => state.CreatedAt is not null && state.Settings.Name == created,
                    () => Grain.Create(new ChannelSettings { Name = created }));
                break;
            case StorageAct.Forget:
                Change(
                    "*", state => state.CreatedAt is null && state.Settings == ChannelSettings.Default, () => Grain.Close(forget: true));
                break;
            case StorageAct.Hold:
                script.Hold();
                break;
            case StorageAct.ReleaseCommit:
                script.Release(WriteOutcome.Commit);
                break;
            case StorageAct.ReleaseFail:
                script.Release(WriteOutcome.Fail);
                break;
            case StorageAct.ReleaseCommitAndFail:
                script.Release(WriteOutcome.CommitAndFail);
                break;
            case StorageAct.NextFails:
                script.Next(WriteOutcome.Fail);
                break;
            case StorageAct.NextCommitsAndFails:
                script.Next(WriteOutcome.CommitAndFail);
                break;
            case StorageAct.Crash:
                await CrashAsync();
                break;
        }
    }

    private void Run(Task request)
    {
        _running.Add(ToleratingAsync(request));

        // A request that was on its way to an activation that ended may fail.
        static async Task ToleratingAsync(Task request) =>
            await request.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private void Moderate(string kind, Func<ChannelState, bool> isStored, Func<Task<ModerationResult>> order) =>
        Start([new Order(kind, isStored)], async () => await order() is { Error: VoiceError.None, IsStored: true });

    private void Change(string kind, Func<ChannelState, bool> isStored, Func<Task<VoiceError>> change) =>
        Start([new Order(kind, isStored)], async () => await change() == VoiceError.None);

    /// <summary>Starts a request that gives orders of different kinds, and awaits its acknowledgement in the background.</summary>
    private void Start(Order[] orders, Func<Task<bool>> request)
    {
        lock (_gate)
        {
            foreach (var order in orders)
            {
                order.MayBeOvertaken = _orders.Exists(
                    earlier => earlier is { Survives: true, IsAnswered: false } && earlier.Replaces(order));
            }

            _orders.AddRange(orders);
        }

        Run(AcknowledgeAsync());

        async Task AcknowledgeAsync()
        {
            var isStored = false;
            try
            {
                isStored = await request();
            }
            finally
            {
                lock (_gate)
                {
                    foreach (var order in orders)
                        (order.IsAcknowledged, order.IsAnswered) = (isStored, true);
                    // Read under the lock: an order that is acknowledged later may be in a later state only.
                    Check((ChannelState?)script.Committed ?? new ChannelState());
                }
            }
        }
    }

    private void Check(ChannelState stored)
    {
        lock (_gate)
        {
            foreach (var (index, order) in _orders.Index())
            {
                var isReplaced = order.MayBeOvertaken || _orders.Skip(index + 1).Any(later => later.Replaces(order));
                if (order.IsAcknowledged && !isReplaced && order.Kind != "*" && !order.IsStored(stored))
                    _violations.Add($"order {index} ({order.Kind}) is acknowledged and not stored");
            }
        }
    }

    private async Task CheckSeatsAsync()
    {
        // The grain has received all earlier requests when it answers this one.
        var members = (await Grain.GetSnapshot()).Participants;
        foreach (var member in members)
            _seen[member.Identity] = member;
        lock (_gate)
        {
            if (members.Length > limit)
                _violations.Add($"{members.Length} members");
            if (members.DistinctBy(member => member.Identity).Count() < members.Length)
                _violations.Add("two seats of an identity");
        }
    }

    /// <summary>Checks that the storage, which is available again, receives everything that is in effect.</summary>
    private async Task CheckRecoveryAsync()
    {
        // The first write after failures may find that an earlier one was committed.
        await Poll.UntilAsync(async () => (await Grain.SetBan(new Ban("last", "", null))).IsStored);
        var (stored, snapshot) = ((ChannelState)script.Committed!, await Grain.GetSnapshot());
        Assert.That(snapshot.Incarnation, Is.EqualTo(_incarnation), "the activation ended without a crash");
        Assert.That((await Grain.GetBans()).Select(ban => ban.Identity), Is.EquivalentTo(stored.Bans.Select(ban => ban.Identity)));
        Assert.That((snapshot.Settings, snapshot.CreatedAt), Is.EqualTo((stored.Settings, stored.CreatedAt)));
        Assert.That(
            snapshot.Participants.Select(member => (member.Session, member.ServerMuted)),
            Is.EqualTo(stored.Checkpoint!.Members.Select(member => (member.Session, member.Participant.ServerMuted))));
        foreach (var member in snapshot.Participants)
        {
            var restriction = stored.Restrictions.Of(member.Identity);
            Assert.That((member.ServerMuted, member.Grants & restriction.Denied), Is.EqualTo((restriction.ServerMuted, Grants.None)));
        }
    }

    private async Task CrashAsync()
    {
        // The next activation carries out the requests that wait, perhaps after later ones.
        lock (_gate)
            _orders.ForEach(order => order.Survives |= !order.IsAnswered);
        // The next incarnation is at least the time in milliseconds: it must differ from the present one.
        await Poll.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() > _incarnation);
        script.IsDown = true;
        script.Release(WriteOutcome.Fail);
        await Grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var next = _incarnation;
        await Poll.UntilAsync(async () => (next = (await Grain.GetSnapshot()).Incarnation) != _incarnation);
        _incarnation = next;
        script.IsDown = false;
    }

    private async Task<Participant?> FindAsync(string identity) =>
        (await Grain.GetSnapshot()).Participants.FirstOrDefault(member => member.Identity == identity);

    private sealed record Order(string Kind, Func<ChannelState, bool> IsStored)
    {
        public bool IsAcknowledged { get; set; }

        public bool IsAnswered { get; set; }

        /// <summary>True if an activation ended before the order was answered.</summary>
        public bool Survives { get; set; }

        /// <summary>True if an earlier order may take effect after this one.</summary>
        public bool MayBeOvertaken { get; set; }

        public bool Replaces(Order other) => Kind == other.Kind || Kind == "*";
    }
}
