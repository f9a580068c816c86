using System.Net;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;

namespace Hype.Benchmarks.Forward;

/// <summary>A node, and synthetic peers on threads of their own, which are not measured.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    // µs. Listeners whose arrivals the kernel stamps may look at their sockets late, and then cost the machine less.
    private const int Beat = 1000;
    private const int FineBeat = 100;
    private const int CoarseBeat = 5000;

    private readonly INode _node;
    private readonly PeerDriver _driver;
    private readonly PeerDriver _mouthDriver;
    private readonly DtlsContext _dtls;
    private readonly List<RigRoom> _rooms = [];
    private RigRoom[] _speaking = [];
    private Action<RigRoom, long>? _speech;
    private uint _numbers;

    /// <param name="node">Disposed of with this.</param>
    /// <param name="profiles">SRTP profiles by OpenSSL's names, the only ones that the peers offer.</param>
    /// <param name="timed">
    /// For latencies: arrival times are the kernel's, and the speakers have a thread and a fine beat of their own. Once a millisecond
    /// beside a thousand listening sockets they would speak in bursts, which no crowd of people does.
    /// </param>
    public Rig(INode node, string profiles, bool timed = false)
    {
        _node = node;
        _dtls = SelfSigned.Client.NewContext(profiles);
        _driver = new PeerDriver(IPAddress.Loopback, timed ? null : Speak, stamps: timed, sweeps: true, timed ? CoarseBeat : Beat);
        _mouthDriver = timed ? new PeerDriver(IPAddress.Loopback, Speak, stamps: false, sweeps: true, FineBeat) : _driver;
        if (timed)
        {
            _driver.Post(Politeness.GiveWay);
            _mouthDriver.Post(Politeness.GiveWay);
        }
    }

    public INode Node => _node;

    public IReadOnlyList<RigRoom> Rooms => _rooms;

    /// <summary>Frames that arrived, at all ears.</summary>
    public Task<long> HeardAsync() => _driver.PostAsync(() => _rooms.Sum(room => room.Heard));

    /// <summary>A room whose speakers hear nobody, so that each packet goes to the listeners and to them alone. Ready when all are connected.</summary>
    /// <param name="latency">Told, on the listeners' thread, how long a frame took from mouth to ear, µs.</param>
    public async Task<RigRoom> OpenRoomAsync(int slots, int speakers, int listeners, int payloadLength, Action<long>? latency = null)
    {
        var key = new RoomKey($"room-{_rooms.Count}", 1);
        var address = await _node.OpenRoomAsync(key, slots);
        var mouths = new List<Mouth>();
        var ears = new List<Ear>();
        var peers = new List<VoicePeer>();
        for (var i = 0; i < speakers + listeners; i++)
        {
            var number = ++_numbers;
            var speaks = i < speakers;
            var credentials = IceCredentials.New();
            uint[] ssrcs = [.. Enumerable.Range(1, slots).Select(slot => (number * 100) + (uint)slot)];
            await _node.AddEndpointAsync(key, new EndpointSpec(number, credentials.UfragBytes, credentials.PwdBytes, ssrcs, speaks, !speaks), SelfSigned.Client.Sha256);
            var ear = new Ear(latency);
            var peer = await (speaks ? _mouthDriver : _driver).AddAsync(IceCredentials.New(), credentials, number, _dtls, ear, address);
            peers.Add(peer);
            if (speaks)
                mouths.Add(new Mouth(peer, payloadLength));
            else
                ears.Add(ear);
        }
        await ConnectedAsync(peers);
        var room = new RigRoom(key, [.. mouths], [.. ears]);
        _rooms.Add(room);
        return room;
    }

    /// <summary>From now on these rooms speak as <paramref name="speech"/> has it, asked at each beat on the speakers' thread.</summary>
    public Task SpeakAsync(IEnumerable<RigRoom> rooms, Action<RigRoom, long> speech) => _mouthDriver.PostAsync(() =>
    {
        (_speaking, _speech) = ([.. rooms], speech);
        return true;
    });

    /// <summary>Nobody speaks any more, and all that was said has been heard or is lost.</summary>
    public async Task SilenceAsync()
    {
        await SpeakAsync([], static (_, _) => { });
        for (long before = -1, after = await HeardAsync(); before != after; after = await HeardAsync())
        {
            before = after;
            await Task.Delay(50);
        }
    }

    /// <summary>For what belongs to the listeners' thread.</summary>
    public Task OnListenersThreadAsync(Action action) => _driver.PostAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>That everything which was sent on has arrived, in order and unchanged, and every slot without a hole.</summary>
    /// <param name="expected">Packets, one for each receiver.</param>
    /// <exception cref="InvalidOperationException">It has not: then the figure is worth nothing.</exception>
    public async Task<string> ProveAsync(long expected)
    {
        var heard = await HeardAsync();
        var (wrong, outOfOrder) = (_rooms.Sum(room => room.Wrong), _rooms.Sum(room => room.OutOfOrder));
        return heard == expected && wrong == 0 && outOfOrder == 0
            ? $"{heard:N0} received, decrypted and in order"
            : throw new InvalidOperationException($"Of {expected} packets {heard} arrived, {wrong} of them changed and {outOfOrder} out of order.");
    }

    public async ValueTask DisposeAsync()
    {
        _mouthDriver.Dispose();
        if (_mouthDriver != _driver)
            _driver.Dispose();
        await _node.DisposeAsync();
        _dtls.Dispose();
    }

    // A client is connected when it has the server's last flight, which the node sends once it has checked the fingerprint.
    private async Task ConnectedAsync(List<VoicePeer> peers)
    {
        using var limit = new CancellationTokenSource(ConnectLimit);
        while (await _driver.PostAsync(() => peers.Exists(peer => peer.State != PeerState.Connected)))
        {
            if (peers.Find(peer => peer.State == PeerState.Ended) is { } ended)
                throw new InvalidOperationException($"Peer {ended.Number} could not connect.");
            await Task.Delay(10, limit.Token);
        }
    }

    private void Speak(long now)
    {
        foreach (var room in _speaking)
            _speech!(room, now);
    }
}
