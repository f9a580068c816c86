using System.Net;
using System.Net.Sockets;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>
/// A thread that runs the media of many participants: their peers, their speech, and the waits for connecting transports.
/// </summary>
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

    /// <summary>The SHA-256 of the certificate that all peers present, for the fingerprint in offers and answers.</summary>
    public static byte[] Fingerprint => SelfSigned.Client.Sha256;

    /// <summary>Opens a transport to a server that answers ICE checks and DTLS, and waits until media can flow.</summary>
    /// <param name="listener">Receives incoming packets, possibly before this method returns.</param>
    /// <exception cref="TransportFailedException">
    /// The transport did not connect in time, was closed by the other side, or presented another certificate.
    /// </exception>
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

    /// <summary>Opens a peer with a socket of its own and starts it at once. The caller closes the peer.</summary>
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

    /// <summary>Waits until media can flow on a peer. Meanwhile the peer tries the other side's candidates one after another.</summary>
    /// <exception cref="TransportFailedException">
    /// The transport did not connect in time, was closed by the other side, or presented another certificate.
    /// </exception>
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

    /// <summary>Returns the address of a peer's host candidate.</summary>
    public async Task<TransportAddress> AddressOfAsync(VoicePeer peer)
    {
        var bound = await _driver.AddressOfAsync(peer);
        return TransportAddress.From(new IPEndPoint(_local, bound.Port));
    }

    /// <summary>Closes a peer after it has sent the DTLS alert <c>close_notify</c>.</summary>
    public Task CloseAsync(VoicePeer peer) => _driver.RemoveAsync(peer);

    /// <summary>Starts to call <paramref name="beat"/> about once a millisecond, on this thread.</summary>
    public void Add(IBeat beat) => _driver.Post(() => _beats.Add(beat));

    /// <summary>Stops calling <paramref name="beat"/>; completes after the last call.</summary>
    public Task RemoveAsync(IBeat beat) => _driver.PostAsync(() => _beats.Remove(beat));

    /// <summary>Queues an action, which this thread then executes.</summary>
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
