using System.Net;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>A thread for the media of many participants: their peers, what they say when, and who waits for a transport.</summary>
internal sealed class VoiceThread : IDisposable
{
    // The one profile that costs a server least is asked for alone: servers prefer differently, and their figures are to compare.
    private const string SrtpProfiles = "SRTP_AEAD_AES_128_GCM";

    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext(SrtpProfiles);
    private readonly List<ConnectWait> _waits = [];
    private readonly List<IBeat> _beats = [];
    private readonly PeerDriver _driver;
    private uint _lastPeer;

    public VoiceThread(IPAddress bindTo) => _driver = new PeerDriver(bindTo, Beat);

    /// <summary>SHA-256 of the certificate that all peers here show: what an answer's fingerprint says.</summary>
    public static byte[] Fingerprint => SelfSigned.Client.Sha256;

    /// <summary>Opens a transport and waits until media can flow.</summary>
    /// <param name="listener">Hears what comes on it, possibly before this returns.</param>
    /// <exception cref="TransportFailedException">It did not connect in time, ended, or showed another certificate.</exception>
    public async Task<VoicePeer> ConnectAsync(IceCredentials own, RemoteTransport remote, IVoiceListener listener, TimeSpan limit, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _lastPeer);
        var peer = await _driver.AddAsync(own, remote.Ice, number, _dtls, listener, remote.Address, remote.ChecksUs);
        try
        {
            await ConnectedAsync(peer, remote.Sha256, limit, stop);
            return peer;
        }
        catch
        {
            await RemoveAsync(peer);
            throw;
        }
    }

    /// <summary>
    /// Opens a transport to a side that checks us and of which nothing need be known yet: our address is for our offer to tell.
    /// Whoever opens it waits with <see cref="ConnectedAsync"/> and removes it when that fails.
    /// </summary>
    public async Task<(VoicePeer Peer, TransportAddress Address)> OpenAsync(IceCredentials own, IVoiceListener listener)
    {
        // The other side's credentials serve only to check it.
        var peer = await _driver.AddAsync(own, IceCredentials.New(), Interlocked.Increment(ref _lastPeer), _dtls, listener, address: null, answersChecks: true);
        return (peer, await _driver.AddressOfAsync(peer));
    }

    /// <summary>Waits until media can flow.</summary>
    /// <param name="sha256">Of the certificate that the other side must show; null: any.</param>
    /// <exception cref="TransportFailedException">It did not connect in time, ended, or showed another certificate.</exception>
    public async Task ConnectedAsync(VoicePeer peer, byte[]? sha256, TimeSpan limit, CancellationToken stop)
    {
        var wait = new ConnectWait(peer, sha256, PeerDriver.Now + (long)limit.TotalMicroseconds);
        _driver.Post(() => _waits.Add(wait));
        await wait.Done.Task.WaitAsync(stop);
    }

    /// <summary>Says goodbye and closes.</summary>
    public Task RemoveAsync(VoicePeer peer) => _driver.RemoveAsync(peer);

    /// <summary>From now on <paramref name="beat"/> is called about once a millisecond, on this thread.</summary>
    public void Add(IBeat beat) => _driver.Post(() => _beats.Add(beat));

    /// <summary>Completes when <paramref name="beat"/> will not be called again.</summary>
    public Task RemoveAsync(IBeat beat) => _driver.PostAsync(() => _beats.Remove(beat));

    /// <summary>Runs on this thread, soon.</summary>
    public void Post(Action action) => _driver.Post(action);

    public void Dispose()
    {
        _driver.Dispose();
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
