using System.Net;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;

namespace Hype.LoadTest.Media;

/// <summary>A thread for the media of many participants: their peers, what they say when, and who waits for a transport.</summary>
internal sealed class VoiceThread : IDisposable
{
    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext();
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
            var wait = new ConnectWait(peer, remote.Sha256, PeerDriver.Now + (long)limit.TotalMicroseconds);
            _driver.Post(() => _waits.Add(wait));
            await wait.Done.Task.WaitAsync(stop);
            return peer;
        }
        catch
        {
            await RemoveAsync(peer);
            throw;
        }
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
