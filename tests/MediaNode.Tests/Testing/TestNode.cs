using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Hosting;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>A media node in the test's process, with the configuration of a standalone node, on loopback and free ports.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    // The discard port, on which no process listens.
    private const string Nowhere = "http://127.0.0.1:9";

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TestNode(WebApplication app)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(Url);
        Client = new MediaNodeControl.MediaNodeControlClient(_channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {Identity.ControlToken}");
            return headers;
        }));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stopping.Register(stopped.SetResult);
        Stopped = stopped.Task;
        Stranger = new MediaNodeControl.MediaNodeControlClient(_channel);
    }

    public string Url => _app.Urls.Single();

    /// <summary>A gRPC client that sends node orders with the node's control token.</summary>
    public MediaNodeControl.MediaNodeControlClient Client { get; }

    /// <summary>A gRPC client that sends node orders without the control token.</summary>
    public MediaNodeControl.MediaNodeControlClient Stranger { get; }

    public NodeIdentity Identity => _app.Services.GetRequiredService<NodeIdentity>();

    public RoomDirectory Rooms => _app.Services.GetRequiredService<RoomDirectory>();

    public RoomEventQueue Events => _app.Services.GetRequiredService<RoomEventQueue>();

    public ControlContact Contact => _app.Services.GetRequiredService<ControlContact>();

    public DrainingLifetime Lifetime => _app.Services.GetRequiredService<DrainingLifetime>();

    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>A task that completes when the node begins to stop.</summary>
    public Task Stopped { get; }

    public IServiceProvider Services => _app.Services;

    public WorkerPool Pool => _app.Services.GetRequiredService<WorkerPool>();

    public static async Task<TestNode> StartAsync(
        TimeProvider? time = null, string[]? gateways = null, TimeSpan? ackTimeout = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        (string Key, string Value)[] defaults =
        [
            ("NodeId", "node-1"), ("Region", "here"), ("Workers", "2"), ("ControlUrl", "http://127.0.0.1:0"), ("MetricsUrl", ""),
            ("AnnouncedAddresses:0", "192.0.2.1"), ("JoinSecret", "open sesame"),
            .. (gateways ?? [Nowhere]).Select((gateway, index) => ($"Gateways:{index}", gateway)),
        ];
        builder.Configuration.AddInMemoryCollection(
            defaults.Concat(settings)
                .Select(setting => KeyValuePair.Create($"{MediaNodeOptions.Section}:{setting.Key}", (string?)setting.Value)));
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddHypeMediaNode();
        // On a busy machine a live gateway may be slow; a test of the timeout sets its own.
        builder.Services.AddSingleton(new ControlPlane("http://127.0.0.1:0", gateways ?? [Nowhere], "open sesame")
        {
            AckTimeout = ackTimeout ?? TimeSpan.FromMinutes(1),
        });
        var app = builder.Build();
        app.MapHypeMediaNode();
        await app.StartAsync();
        return new TestNode(app);
    }

    public Task StopAsync() => Pool.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
