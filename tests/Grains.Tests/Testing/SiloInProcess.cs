using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.MediaNodes;
using Hype.Grains.Silos;
using Hype.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;

namespace Hype.Grains.Tests.Testing;

/// <summary>A silo in the test process, configured as in the product, with SQLite storage in its own file and fake media nodes.</summary>
internal sealed class SiloInProcess : IAsyncDisposable
{
    private readonly IHost _host;

    private SiloInProcess(IHost host, FakeMediaNodes nodes, ChannelNotifications notifications, HeldCalls calls, FakeGate gate)
    {
        Gate = gate;
        Notifications = notifications;
        Calls = calls;
        _host = host;
        Nodes = nodes;
        Grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    public IGrainFactory Grains { get; }

    public FakeMediaNodes Nodes { get; }

    /// <summary>The recorded calls by which node grains notify channels.</summary>
    public ChannelNotifications Notifications { get; }

    /// <summary>The gate for the timers and background tasks of grains; calls from the test pass it.</summary>
    public FakeGate Gate { get; }

    /// <summary>The grain calls that a test delays.</summary>
    public HeldCalls Calls { get; }

    public static Task<SiloInProcess> Start(string database, params (string Key, string Value)[] options) =>
        Start(database, storage: null, time: null, options);

    public static Task<SiloInProcess> Start(string database, IGrainStorage storage, params (string Key, string Value)[] options) =>
        Start(database, storage, time: null, options);

    /// <param name="storage">Replaces the product's storage; null: does not.</param>
    /// <param name="time">Replaces the system's clocks; null: does not.</param>
    public static async Task<SiloInProcess> Start(
        string database, IGrainStorage? storage, TimeProvider? time, params (string Key, string Value)[] options)
    {
        var (nodes, notifications, calls, gate) = (new FakeMediaNodes(), new ChannelNotifications(), new HeldCalls(), new FakeGate());
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hype:Storage:Path"] = database,
            // No node sends heartbeats here; a test decides when a node is suspected.
            ["Hype:NodeLease:SuspectAfter"] = "00:01:00",
            ["Hype:Regions:ForgetAfter"] = "00:01:00",
        });
        builder.Configuration.AddInMemoryCollection(options.Select(option => KeyValuePair.Create(option.Key, (string?)option.Value)));
        builder.Services.AddSingleton<IMediaNodeClientFactory>(nodes);
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(notifications);
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(calls);
        builder.Services.AddSingleton<IMembershipGate>(gate);
        builder.AddHypeSilo();
        if (storage is not null)
            builder.Services.AddKeyedSingleton(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, storage);
        if (time is not null)
            builder.Services.AddSingleton(time);
        var host = builder.Build();
        await host.StartAsync();
        return new SiloInProcess(host, nodes, notifications, calls, gate);
    }

    public IChannelGrain Channel(string id) => Grains.GetGrain<IChannelGrain>(id);

    /// <summary>
    /// Starts a node that was acknowledged for a minute: a ticket that it issues at once is younger, however long the messages travel.
    /// </summary>
    public async Task<FakeMediaNode> StartNode(string id)
    {
        var node = Nodes.Start(id);
        await Node(node).Register(node.Registration with { AckedFor = TimeSpan.FromMinutes(1) }, []);
        return node;
    }

    public IMediaNodeGrain Node(FakeMediaNode node) => Grains.GetGrain<IMediaNodeGrain>(node.Registration.Node.Value);

    public Task<JoinResult> Join(string channel, string identity, RecordingGateway gateway) => Channel(channel).Join(new JoinRequest
    {
        Identity = identity,
        Name = identity,
        Grants = Grants.Join | Grants.Speak | Grants.Listen,
        Gateway = gateway.In(Grains),
    });

    public async Task<JoinResult[]> JoinMany(string channel, int count, RecordingGateway gateway)
    {
        var joined = new List<JoinResult>();
        for (var index = 1; index <= count; index++)
            joined.Add(await Join(channel, $"person-{index}", gateway));
        return [.. joined];
    }

    /// <summary>Stops the silo in an orderly way, so that unsaved state is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
