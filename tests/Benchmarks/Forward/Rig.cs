using System.Net;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;

namespace Hype.Benchmarks.Forward;

/// <summary>Connects a node under test with synthetic peers, whose separate threads are not measured.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    // µs. If the kernel timestamps arrivals, listeners may read their sockets late, which costs the machine less.
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

    /// <param name="node">The node under test; disposed together with the rig.</param>
    /// <param name="profiles">The SRTP profiles that the peers offer, by OpenSSL's names.</param>
    /// <param name="timed">
    /// True to measure latencies: the kernel timestamps arrivals, and the speakers have a separate thread with a fine timer. On a
    /// thread that polls a thousand listening sockets once per millisecond, they would speak in bursts, unlike real speakers.
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

    /// <summary>Returns the number of frames that all listeners have received.</summary>
    public Task<long> HeardAsync() => _driver.PostAsync(() => _rooms.Sum(room => room.Heard));

    /// <summary>
    /// Opens a room whose speakers receive nothing, so that all packets go to the listeners. Returns when all members are connected.
    /// </summary>
    /// <param name="latency">Receives, on the listeners' thread, the time in µs of each frame from the speaker to a listener.</param>
    public async Task<RigRoom> OpenRoomAsync(int slots, int speakers, int listeners, int payloadLength, Action<long>? latency = null)
    {
        var key = new RoomKey($"room-{_rooms.Count}", new RoomEpoch(1));
        var address = await _node.OpenRoomAsync(key, slots);
        var mouths = new List<Mouth>();
        var ears = new List<Ear>();
        var peers = new List<VoicePeer>();
        for (var i = 0; i < speakers + listeners; i++)
        {
            var number = ++_numbers;
            var speaks = i < speakers;
            var credentials = IceCredentials.New();
            Ssrc[] ssrcs = [.. Enumerable.Range(1, slots).Select(slot => new Ssrc((number * 100) + (uint)slot))];
            var spec = new EndpointSpec(new MemberNumber(number), credentials.UfragBytes, credentials.PwdBytes, ssrcs, speaks, !speaks);
            var own = IceCredentials.New();
            await _node.AddEndpointAsync(key, spec, new IceCredential(own.UfragBytes, own.PwdBytes), SelfSigned.Client.Sha256);
            var ear = new Ear(latency);
            var peer = await (speaks ? _mouthDriver : _driver).AddAsync(own, credentials, number, _dtls, ear, address);
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

    /// <summary>
    /// Makes the speakers' thread call <paramref name="speech"/> for each of these rooms whenever it runs, until the next call of this
    /// method.
    /// </summary>
    public Task SpeakAsync(IEnumerable<RigRoom> rooms, Action<RigRoom, long> speech) => _mouthDriver.PostAsync(() =>
    {
        (_speaking, _speech) = ([.. rooms], speech);
        return true;
    });

    /// <summary>Stops all speakers, and returns when each sent frame has been received or is lost.</summary>
    public async Task SilenceAsync()
    {
        await SpeakAsync([], static (_, _) => { });
        for (long before = -1, after = await HeardAsync(); before != after; after = await HeardAsync())
        {
            before = after;
            await Task.Delay(50);
        }
    }

    /// <summary>Runs an action on the listeners' thread.</summary>
    public Task OnListenersThreadAsync(Action action) => _driver.PostAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>
    /// Verifies that all forwarded packets arrived in order and unchanged, and that no slot has a gap. Returns a phrase with the number of
    /// verified packets.
    /// </summary>
    /// <param name="expected">The number of packets, counted once for each receiver.</param>
    /// <exception cref="InvalidOperationException">A packet is missing or wrong: the figure is invalid.</exception>
    public async Task<string> ProveAsync(long expected)
    {
        var heard = await HeardAsync();
        var (wrong, outOfOrder) = (_rooms.Sum(room => room.Wrong), _rooms.Sum(room => room.OutOfOrder));
        return heard == expected && wrong == 0 && outOfOrder == 0
            ? $"{heard:N0} received, decrypted and in order"
            : throw new InvalidOperationException(
                $"Of {expected} packets {heard} arrived, {wrong} of them changed and {outOfOrder} out of order.");
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
