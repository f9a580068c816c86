using System.Net;
using System.Net.Sockets;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>A thread for the media of many participants: their peers, their speech, and the waits for transports.</summary>
internal sealed class VoiceThread : IDisposable
{
    // Offers only the profile with the lowest cost for a server: servers prefer different profiles, and their figures must be comparable.
    private const string SrtpProfiles = "SRTP_AEAD_AES_128_GCM";

    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext(SrtpProfiles);
    private readonly List<ConnectWait> _waits = [];
    private readonly List<IBeat> _beats = [];
    private readonly IPAddress _local;
    private readonly Func<IPeerPath>? _paths;
    private readonly PeerDriver _driver;
    private uint _lastPeer;

    /// <param name="local">This machine's address on the way to the server, used for host candidates.</param>
    /// <param name="paths">Creates a simulated network between a peer and its socket; null: none.</param>
    /// <param name="sweeps">See <see cref="PeerDriver"/>.</param>
    public VoiceThread(IPAddress local, Func<IPeerPath>? paths = null, bool sweeps = false)
    {
        (_local, _paths) = (local, paths);
        // Bound to no specific address: a server's candidates may be in several networks.
        _driver = new PeerDriver(
            local.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, Beat, sweeps: sweeps);
    }

    /// <summary>SHA-256 of the certificate of all peers on this thread, for the fingerprint of an answer.</summary>
    public static byte[] Fingerprint => SelfSigned.Client.Sha256;

    /// <summary>Opens a transport to a server that answers checks and DTLS, and waits until media can flow.</summary>
    /// <param name="listener">Receives incoming packets, possibly before this returns.</param>
    /// <exception cref="TransportFailedException">It did not connect in time, ended, or has another certificate.</exception>
    public async Task<VoicePeer> ConnectAsync(
        IceCredentials own, RemoteTransport remote, IVoiceListener listener, TimeSpan limit, CancellationToken stop)
    {
        var peer = await OpenAsync(own, remote.Ice, listener, PeerRole.Client, remote.Addresses is [var first, ..] ? first : null);
        try
        {
            await ConnectedAsync(peer, remote, limit, stop);
            return peer;
        }
        catch
        {
            await CloseAsync(peer);
            throw;
        }
    }

    /// <summary>Opens a peer with its own socket, which starts at once; the caller closes it.</summary>
    /// <exception cref="TransportFailedException">The system has no more sockets.</exception>
    public async Task<VoicePeer> OpenAsync(
        IceCredentials own, IceCredentials remote, IVoiceListener listener, PeerRole role, TransportAddress? address = null)
    {
        try
        {
            return await _driver.AddAsync(
                own,
                remote,
                Interlocked.Increment(ref _lastPeer),
                _dtls,
                listener,
                address,
                answersChecks: role != PeerRole.Client,
                servesDtls: role == PeerRole.Server,
                _paths?.Invoke());
        }
        catch (SocketException)
        {
            throw new TransportFailedException("noSocket");
        }
    }

    /// <summary>Waits until media can flow, and tries one candidate after another meanwhile.</summary>
    /// <exception cref="TransportFailedException">It did not connect in time, ended, or has another certificate.</exception>
    public async Task ConnectedAsync(VoicePeer peer, RemoteTransport remote, TimeSpan limit, CancellationToken stop)
    {
        var wait = new ConnectWait(peer, remote, PeerDriver.Now, limit);
        await _driver.PostAsync(() =>
        {
            _waits.Add(wait);
            return wait;
        });
        await wait.Done.Task.WaitAsync(stop);
    }

    /// <summary>Returns a peer's host candidate.</summary>
    public async Task<TransportAddress> AddressOfAsync(VoicePeer peer)
    {
        var bound = await _driver.AddressOfAsync(peer);
        return TransportAddress.From(new IPEndPoint(_local, bound.Port));
    }

    /// <summary>Sends close_notify and closes.</summary>
    public Task CloseAsync(VoicePeer peer) => _driver.RemoveAsync(peer);

    /// <summary>Starts to call <paramref name="beat"/> about once a millisecond, on this thread.</summary>
    public void Add(IBeat beat) => _driver.Post(() => _beats.Add(beat));

    /// <summary>Stops the calls of <paramref name="beat"/>; completes after the last one.</summary>
    public Task RemoveAsync(IBeat beat) => _driver.PostAsync(() => _beats.Remove(beat));

    /// <summary>Queues an action for this thread.</summary>
    public void Post(Action action) => _driver.Post(action);

    public void Dispose()
    {
        _driver.Dispose();
        foreach (var wait in _waits)
            wait.Done.TrySetException(new ObjectDisposedException(nameof(VoiceThread)));
        _dtls.Dispose();
    }

    private void Beat(long now)
    {
        for (var i = _waits.Count - 1; i >= 0; i--)
        {
            if (_waits[i].IsOver(now))
                _waits.RemoveAt(i);
        }
        foreach (var beat in _beats)
            beat.OnBeat(now);
    }
}
