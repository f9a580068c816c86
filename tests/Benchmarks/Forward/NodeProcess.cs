using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Hype.MediaClient;
using Hype.MediaNode.Net;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tests.Testing;
using Hype.NodeRegistry.V1;
using Hype.Testing.Processes;
using EndpointSpec = Hype.MediaNode.Rooms.EndpointSpec;
using RoomKey = Hype.MediaNode.Rooms.RoomKey;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// A media node as in a deployment: a separate process that registers, sends heartbeats and receives node orders over gRPC.
/// </summary>
internal sealed class NodeProcess : INode
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly FakeGateway _gateway;
    private readonly ChildProcess _process;
    private readonly GrpcChannel _channel;
    private readonly MediaNodeControl.MediaNodeControlClient _control;
    private readonly CpuClock _cpu;

    private NodeProcess(FakeGateway gateway, ChildProcess process, Register node)
    {
        _gateway = gateway;
        _process = process;
        _channel = GrpcChannel.ForAddress(node.ControlUrl);
        _control = new MediaNodeControl.MediaNodeControlClient(_channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {node.ControlToken}");
            return headers;
        }));
        _cpu = CpuClock.OfProcess(process.Id);
    }

    public double Cpu => _cpu.Microseconds;

    public double ResidentMebibytes => ProcessMemory.ResidentMebibytes(_process.Id);

    public static async Task<NodeProcess> StartAsync(int workers = 1)
    {
        var gateway = await FakeGateway.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["Hype__MediaNode__NodeId"] = "measured",
            ["Hype__MediaNode__Workers"] = workers.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Hype__MediaNode__ControlUrl"] = "http://127.0.0.1:0",
            ["Hype__MediaNode__MetricsUrl"] = "",
            ["Hype__MediaNode__AnnouncedAddresses__0"] = IPAddress.Loopback.ToString(),
            ["Hype__MediaNode__Gateways__0"] = gateway.Url,
            ["Hype__MediaNode__JoinSecret"] = "for the length of a benchmark",
            // No other node could take over its endpoints.
            ["Hype__MediaNode__DrainTimeout"] = "00:00:00",
        };
        var process = ChildProcess.Start("dotnet", [typeof(MediaNode.Workers.MediaWorker).Assembly.Location], environment: environment);
        try
        {
            using var limit = new CancellationTokenSource(StartLimit);
            var connection = await gateway.Connections.ReadAsync(limit.Token);
            await connection.AcceptAsync();
            var first = await connection.Messages.ReadAsync(limit.Token);
            if (first.BodyCase != NodeMessage.BodyOneofCase.Register)
                throw new InvalidOperationException($"The node began with {first.BodyCase} instead of registering.");
            _ = DiscardAsync(connection);
            return new NodeProcess(gateway, process, first.Register);
        }
        catch (Exception exception)
        {
            var log = process.Log;
            await process.DisposeAsync();
            await gateway.DisposeAsync();
            throw new InvalidOperationException($"The node process did not start:\n{log}", exception);
        }
    }

    public async Task<TransportAddress> OpenRoomAsync(RoomKey room, int slots)
    {
        var identity = new DtlsIdentity
        {
            Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate),
            PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey)
        };
        var order = new NodeOrder { Room = MessageOf(room), OpenRoom = new() { Slots = (uint)slots, Identity = identity } };
        var candidate = (await _control.SucceedAsync(order)).OpenedRoom.Candidates[0];
        return TransportAddress.From(new IPEndPoint(IPAddress.Parse(candidate.Address), (int)candidate.Port));
    }

    public async Task AddEndpointAsync(RoomKey room, EndpointSpec endpoint, IceCredential client, byte[] fingerprint)
    {
        var add = new AddEndpoint
        {
            Number = endpoint.Number.Value,
            IceUfrag = Encoding.ASCII.GetString(endpoint.IceUfrag),
            IcePwd = Encoding.ASCII.GetString(endpoint.IcePwd),
            CanSpeak = endpoint.CanSpeak,
            CanListen = endpoint.CanListen,
        };
        add.SlotSsrcs.AddRange(endpoint.SlotSsrcs.Select(ssrc => ssrc.Value));
        await _control.SucceedAsync(new NodeOrder { Room = MessageOf(room), AddEndpoint = add });
        var answer = new AcceptAnswer
        {
            Number = endpoint.Number.Value,
            IceUfrag = Encoding.ASCII.GetString(client.Ufrag),
            IcePwd = Encoding.ASCII.GetString(client.Pwd),
            FingerprintAlgorithm = "sha-256",
            Fingerprint = ByteString.CopyFrom(fingerprint),
        };
        await _control.SucceedAsync(new NodeOrder { Room = MessageOf(room), AcceptAnswer = answer });
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _process.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static Hype.MediaNode.Orders.V1.RoomKey MessageOf(RoomKey room) => new() { Channel = room.Channel, Epoch = room.Epoch.Value };

    // Heartbeats and events: unused here, but they must not pile up.
    private static async Task DiscardAsync(FakeGateway.Connection connection)
    {
        try
        {
            await foreach (var _ in connection.Messages.ReadAllAsync())
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or Grpc.Core.RpcException)
        {
            // The node has exited.
        }
    }
}
