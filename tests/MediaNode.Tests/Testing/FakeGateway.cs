using System.Threading.Channels;
using Grpc.Core;
using Hype.NodeRegistry.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>
/// A fake gateway that serves node_registry.proto by real gRPC on loopback. The test answers registrations itself. Later messages are
/// acknowledged automatically, unless the test disables that (<see cref="Connection.Acknowledges"/>).
/// </summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Connection> _connections;

    private FakeGateway(WebApplication app, Channel<Connection> connections)
    {
        _app = app;
        _connections = connections;
    }

    public string Url => _app.Urls.Single();

    /// <summary>The streams that nodes have opened to this gateway, in order.</summary>
    public ChannelReader<Connection> Connections => _connections.Reader;

    public static async Task<FakeGateway> StartAsync()
    {
        var connections = Channel.CreateUnbounded<Connection>();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(connections.Writer);
        builder.WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<Registry>();
        await app.StartAsync();
        return new FakeGateway(app, connections);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The gateway's side of one stream from a node.</summary>
    internal sealed class Connection(IServerStreamWriter<RegistryMessage> answers)
    {
        private readonly SemaphoreSlim _writing = new(1);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<NodeMessage> _messages = Channel.CreateUnbounded<NodeMessage>();

        public ChannelReader<NodeMessage> Messages => _messages.Reader;

        public Task Ended => _ended.Task;

        /// <summary>True if the gateway acknowledges each message after <c>register</c> as soon as it arrives.</summary>
        public volatile bool Acknowledges = true;

        /// <summary>The number of messages received from the node, including <c>register</c>.</summary>
        public ulong Received { get; private set; }

        /// <summary>Accepts the registration of the node with this heartbeat interval.</summary>
        public Task AcceptAsync(uint heartbeatIntervalMs = 250) =>
            AnswerAsync(new RegistryMessage { Registered = new Registered { HeartbeatIntervalMs = heartbeatIntervalMs } });

        /// <param name="messages">The total number of acknowledged messages.</param>
        /// <param name="missed">Channels that did not receive the events of the last message.</param>
        public Task AcknowledgeAsync(ulong messages, params string[] missed) =>
            AnswerAsync(new RegistryMessage { Ack = new Ack { Received = messages, UndeliveredChannels = { missed } } });

        public async Task AnswerAsync(RegistryMessage message)
        {
            await _writing.WaitAsync();
            try
            {
                await answers.WriteAsync(message);
            }
            finally
            {
                _writing.Release();
            }
        }

        /// <summary>Ends the stream with a gRPC error.</summary>
        public void Break() => _ended.TrySetException(new RpcException(new Status(StatusCode.Unavailable, "broken by the test")));

        /// <summary>Ends the stream without an error.</summary>
        public void End() => _ended.TrySetResult();

        internal async Task ReadAsync(IAsyncStreamReader<NodeMessage> stream)
        {
            try
            {
                while (await stream.MoveNext())
                {
                    Received++;
                    _messages.Writer.TryWrite(stream.Current);
                    if (Acknowledges && stream.Current.BodyCase != NodeMessage.BodyOneofCase.Register)
                        await AcknowledgeAsync(Received);
                }

                _messages.Writer.Complete();
            }
            catch (Exception exception)
                when (exception is IOException or OperationCanceledException or RpcException or InvalidOperationException)
            {
                // The node has left: an answer then throws InvalidOperationException.
                _messages.Writer.Complete(exception);
            }
        }
    }

    private sealed class Registry(ChannelWriter<Connection> connections) : NodeRegistry.V1.NodeRegistry.NodeRegistryBase
    {
        public override async Task Connect(
            IAsyncStreamReader<NodeMessage> requestStream, IServerStreamWriter<RegistryMessage> responseStream, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync([]);
            var connection = new Connection(responseStream);
            connections.TryWrite(connection);
            await await Task.WhenAny(connection.ReadAsync(requestStream), connection.Ended);
        }
    }
}
