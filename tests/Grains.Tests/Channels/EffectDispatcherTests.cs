using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Diagnostics;
using Hype.Grains.Gateways;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EffectDispatcherTests : IDisposable
{
    private static readonly PublishToAll Published = new(new SpeakersChanged(null));

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
    private readonly RecordedGrains _grains = new();
    private readonly GatewayFanout _gateways = new(
        MachineBench.Channel, incarnation: 1, new GatewayLeases(new OptionsWrapper<GatewayLeaseOptions>(new()), TimeProvider.System));
    private readonly EffectDispatcher _dispatcher;

    public EffectDispatcherTests()
    {
        var metrics = _services.GetRequiredService<GrainMetrics>();
        var gate = new FakeGate();
        var work = new BackgroundWork(MachineBench.Channel, NullLogger.Instance);
        var nodes = new NodeOrders(MachineBench.Channel, NodesBench.TakenFence(), _grains.Factory, new ChannelOptions(), gate);
        var runner = new EffectRunner(
            MachineBench.Channel,
            nodes,
            new MachineBench().Machine.WantedOrders,
            _ => { },
            work,
            gate,
            metrics,
            TimeProvider.System,
            NullLogger.Instance,
            gone: default);
        var sessions = new SessionDirectory(
            MachineBench.Channel, 1, _grains.Factory, work, _ => { }, gate, TimeProvider.System, gone: default);
        _dispatcher = new EffectDispatcher(MachineBench.Channel, _gateways, runner, sessions, metrics, NullLogger.Instance);
    }

    public void Dispose()
    {
        _dispatcher.Dispose();
        _services.Dispose();
    }

    [Test]
    public void Channel_events_are_sent_to_the_gateways_of_the_sessions()
    {
        var gateway = new Gateway();
        _gateways.Listen(new GatewayRef("g1", MachineBench.Local, gateway));
        _dispatcher.CarryOut([Published], new(1), new HashSet<string> { "g1" });
        Assert.That(gateway.Batches.Single().Events, Is.EqualTo(new[] { Published.Event }));

        _dispatcher.CarryOut([], new(1), new HashSet<string>());
        Assert.That(_gateways.Find("g1"), Is.Null, "a gateway without sessions receives no more events");
    }

    [Test]
    public void Session_that_lost_its_socket_is_detached_at_its_mailbox()
    {
        var session = SessionId.New();
        _dispatcher.CarryOut([new DetachSession(session, "g1")], new(1), new HashSet<string>());
        Assert.That(_grains.Calls, Is.EqualTo(new[] { $"ISessionMailboxGrain({session.Value}).Detach" }));
    }

    [Test]
    public void Ended_session_is_unregistered_at_the_mailbox_grain_and_the_identity_grain()
    {
        var session = SessionId.New();
        _dispatcher.CarryOut([new EndSession(session, "ada", LeaveReason.Left)], new(1), new HashSet<string>());
        Assert.That(_grains.Calls, Is.EqualTo(new[] { $"ISessionMailboxGrain({session.Value}).End", "IIdentityGrain(ada).Left" }));
    }

    private sealed class Gateway : IGatewayObserver
    {
        public List<ChannelEventBatch> Batches { get; } = [];

        public Task ChannelChanged(ChannelEventBatch batch)
        {
            Batches.Add(batch);
            return Task.CompletedTask;
        }

        public Task<ChannelId[]> RenewLease(ChannelId[] channels, bool lost) => Task.FromResult<ChannelId[]>([]);

        public Task<bool> Signalled(ChannelId channel, SessionId to, PeerSignal[] signals) => Task.FromResult(true);
    }
}
