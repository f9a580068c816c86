using System.Security.Cryptography;
using System.Threading.Channels;
using Hype.MediaClient;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Runs real workers with real sockets, each on a thread of its own in this process; these threads run only the packet path.
/// </summary>
internal sealed class WorkerNode : INode
{
    // The benchmark sends as fast as it can: no limit may drop what it measures.
    public static readonly WorkerLimits Limits = WorkerLimits.Default with { Budget = BudgetLimits.Unlimited, SlotPace = int.MaxValue };

    private readonly Channel<RoomEvent> _events = Channel.CreateBounded<RoomEvent>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<(MediaWorker Worker, IDatagramSocket Socket, Thread Thread, CpuClock Cpu)> _workers = [];
    private readonly Dictionary<RoomKey, MediaWorker> _rooms = [];
    private readonly DtlsContext _dtls = SelfSigned.Node.NewContext();

    public WorkerNode(int workers = 1, AesEngine aes = AesEngine.Auto)
    {
        for (var i = 0; i < workers; i++)
            _workers.Add(Start(aes));
    }

    public double Cpu => _workers.Sum(each => each.Cpu.Microseconds);

    /// <summary>The number of forwarded packets, counted once for each receiver.</summary>
    public long Forwarded => _workers.Sum(each => each.Worker.Counters.Forwarded);

    /// <summary>The number of bytes of UDP payload that were sent over links.</summary>
    public long OverLinks => _workers.Sum(each => each.Worker.Counters.LinkBytesSent);

    /// <summary>Returns the number of bytes that the workers' threads have allocated on the managed heap.</summary>
    public async Task<long> AllocatedAsync()
    {
        var sum = 0L;
        foreach (var each in _workers)
            sum += await each.Worker.Mailbox.PostAsync(GC.GetAllocatedBytesForCurrentThread);
        return sum;
    }

    /// <summary>Opens a room; rooms are assigned to the workers in turn.</summary>
    public async Task<TransportAddress> OpenRoomAsync(RoomKey room, int slots)
    {
        var (worker, socket, _, _) = _workers[_rooms.Count % _workers.Count];
        _rooms.Add(room, worker);
        await OrderAsync(worker, () => worker.OpenRoom(room, slots, _dtls));
        return TransportAddress.FromIPv4([127, 0, 0, 1], (ushort)socket.LocalPort);
    }

    public async Task AddEndpointAsync(RoomKey room, EndpointSpec endpoint, IceCredential client, byte[] fingerprint)
    {
        var worker = _rooms[room];
        await OrderAsync(worker, () => worker.AddEndpoint(room, endpoint));
        await OrderAsync(worker, () => worker.AcceptAnswer(room, endpoint.Number, client, "sha-256", fingerprint));
    }

    /// <summary>Links two rooms, as the rooms of one channel are linked.</summary>
    public async Task LinkAsync(RoomKey one, RoomKey other, int slots)
    {
        var (there, back) = (RandomNumberGenerator.GetBytes(LinkSpec.KeyLength), RandomNumberGenerator.GetBytes(LinkSpec.KeyLength));
        Ssrc[] thereSsrcs = [.. Enumerable.Range(1, slots).Select(_ => NewSsrc())];
        Ssrc[] backSsrcs = [.. Enumerable.Range(1, slots).Select(_ => NewSsrc())];
        await AddAsync(one, other, there, back, thereSsrcs, backSsrcs);
        await AddAsync(other, one, back, there, backSsrcs, thereSsrcs);

        async Task AddAsync(RoomKey room, RoomKey remote, byte[] sendKey, byte[] receiveKey, Ssrc[] sendSsrcs, Ssrc[] receiveSsrcs)
        {
            var address = TransportAddress.FromIPv4([127, 0, 0, 1], (ushort)_rooms[remote].Port);
            var link = new LinkSpec($"{one}, {other}", address, sendKey, receiveKey, sendSsrcs, receiveSsrcs);
            await OrderAsync(_rooms[room], () => _rooms[room].AddLink(room, link));
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (worker, socket, thread, _) in _workers)
        {
            worker.Stop();
            thread.Join();
            socket.Dispose();
        }

        _dtls.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task OrderAsync(MediaWorker worker, Func<CommandResult> order)
    {
        if (await worker.Mailbox.PostAsync(order) is var result and not CommandResult.Done)
            throw new InvalidOperationException($"The worker refused an order: {result}.");
    }

    private (MediaWorker, IDatagramSocket, Thread, CpuClock) Start(AesEngine aes)
    {
        var socket = DatagramSockets.Open(0, severalAddresses: false);
        var worker = new MediaWorker(socket, new MonotonicClock(TimeProvider.System), new ControlContact(TimeProvider.System),
            _events.Writer, NullLogger<MediaWorker>.Instance, aes, Limits);
        var cpu = new TaskCompletionSource<CpuClock>();
        var thread = new Thread(() =>
        {
            cpu.SetResult(CpuClock.OfThisThread());
            worker.Run();
        })
        { Name = "media", IsBackground = true };
        thread.Start();
        return (worker, socket, thread, cpu.Task.Result);
    }

    private static Ssrc NewSsrc() => new((uint)Random.Shared.NextInt64(uint.MaxValue));
}
