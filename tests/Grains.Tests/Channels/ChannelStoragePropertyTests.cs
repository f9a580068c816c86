using CsCheck;
using Hype.Grains.Channels;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Runs random interleavings of orders, joins and storage failures against the real channel grain. A failure prints the shortest sequence
/// of steps that shows it.
/// </summary>
public sealed class ChannelStoragePropertyTests
{
    private const int Limit = 3;

    private static readonly Gen<StorageStep> Step = Gen.Select(
        Gen.Frequency(
            (30, AnyOf(
                StorageAct.Join, StorageAct.Leave, StorageAct.Ban, StorageAct.Unban, StorageAct.Mute, StorageAct.Unmute, StorageAct.Deny,
                StorageAct.Lift, StorageAct.Kick)),
            (8, AnyOf(StorageAct.Settings, StorageAct.Create, StorageAct.Forget)),
            (20, AnyOf(
                StorageAct.Hold, StorageAct.Hold, StorageAct.ReleaseCommit, StorageAct.ReleaseFail, StorageAct.ReleaseCommitAndFail,
                StorageAct.NextFails, StorageAct.NextCommitsAndFails)),
            (1, Gen.Const(StorageAct.Crash))),
        Gen.Int[0, 3],
        (act, person) => new StorageStep(act, person));

    private readonly ScriptedStorage _storage = new();
    private TemporaryFolder _folder = null!;
    private SiloInProcess _silo = null!;
    private int _channels;

    [OneTimeSetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _silo = await SiloInProcess.Start(
            _folder.Database, _storage, ("Hype:Channels:MaxParticipants", $"{Limit}"), ("Hype:Channels:CheckpointInterval", "00:00:10"));
    }

    [OneTimeTearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void Acknowledged_orders_stay_stored_whatever_happens_to_other_writes() => Step.Array[3, 24].Sample(
        steps => RunAsync(steps).GetAwaiter().GetResult(),
        iter: 400,
        threads: 2,
        print: steps => string.Join(", ", steps));

    private static Gen<StorageAct> AnyOf(params StorageAct[] acts) => Gen.Int[0, acts.Length - 1].Select(index => acts[index]);

    private async Task RunAsync(StorageStep[] steps)
    {
        var channel = $"storage-{Interlocked.Increment(ref _channels)}";
        var script = _storage.ScriptOf(ChannelState.StorageName, channel);
        var life = new ChannelStorageLife(_silo, channel, script, Limit);
        await life.RunAsync(steps);
    }
}
