using Hype.Gateway.Cluster;
using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Signaling.Socket;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelSyncTests
{
    private readonly FakeCluster _cluster = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SessionRegistry _registry = new();
    private readonly SignalingOptions _options = new();
    private readonly WelcomeWriter _welcome = new(
        new IceServers(Options.Create(new GatewayOptions()), TimeProvider.System),
        Options.Create(new GatewayOptions()),
        Options.Create(new SignalingOptions()),
        Options.Create(new ChannelLimits()));

    private GrainAccess _grains = null!;
    private ChannelSync _sync = null!;

    private FakeChannel Channel => _cluster.Channel("lobby");

    [SetUp]
    public async Task SetUp()
    {
        var (gateway, signaling) = (Options.Create(new GatewayOptions()), Options.Create(_options));
        _grains = new GrainAccess(_cluster, new GatewayObserver(_registry, TestMetrics.Replica(), _time), gateway, signaling, _time);
        _sync = new ChannelSync(_registry, _grains, signaling, _time, NullLogger<ChannelSync>.Instance);
        await _sync.StartAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _sync.StopAsync(CancellationToken.None);
        _sync.Dispose();
    }

    [Test]
    public async Task Snapshot_request_attaches_the_sessions_of_the_channel_and_sends_the_new_roster()
    {
        var (replica, socket) = await JoinAsync();
        Channel.Change(Channel.Find(new MemberNumber(1)) with { Muted = true });
        _registry.RequestSnapshot(replica);
        await Channel.Called("Attach 1");
        await socket.ReceivedAsync("roster");
    }

    [Test]
    public async Task Gateway_attaches_to_every_channel_periodically()
    {
        await JoinAsync();
        await AdvanceUntilAsync(Channel.Called("Attach 1"));
        await AdvanceUntilAsync(Channel.Called("Attach 1"));
    }

    [Test]
    public async Task Attach_is_retried_after_a_failed_call_of_the_channel_grain()
    {
        var (replica, _) = await JoinAsync();
        Channel.Failure = new TimeoutException("No silo.");
        _registry.RequestSnapshot(replica);
        await Channel.Called("Attach 1");
        Channel.Failure = null;
        await AdvanceUntilAsync(Channel.Called("Attach 1"));
    }

    [Test]
    public async Task Gateway_does_not_attach_to_a_channel_without_sessions()
    {
        _registry.RequestSnapshot(_registry.Enter(ChannelId.Parse("empty")));
        var (replica, _) = await JoinAsync();
        _registry.RequestSnapshot(replica);
        // Requests are read in their order.
        await Channel.Called("Attach 1");
        Assert.That(_cluster.Channel("empty").Calls, Is.Empty);
    }

    private async Task<(ChannelReplica Replica, RecordingSocket Socket)> JoinAsync()
    {
        var (replica, socket) = (_registry.Enter(Lobby), new RecordingSocket());
        var joined = await Channel.Join(
            new JoinRequest { Identity = "ada", Name = "Ada", Grants = Grants.Join, Gateway = _grains.Gateway }, CancellationToken.None);
        replica.Admit(joined, socket, facts => _welcome.Write(Lobby, facts, resumed: false));
        return (replica, socket);
    }

    private async Task AdvanceUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await done;
    }
}
