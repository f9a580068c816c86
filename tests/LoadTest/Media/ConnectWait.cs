using System.Security.Cryptography;
using Hype.MediaClient;

namespace Hype.LoadTest.Media;

/// <summary>A transport did not come up.</summary>
/// <param name="reason">A word for counting: <c>iceTimeout</c>, <c>dtlsTimeout</c>, <c>dtlsFailed</c>, <c>wrongCertificate</c>, <c>noSocket</c>.</param>
internal sealed class TransportFailedException(string reason) : Exception($"The media transport did not connect: {reason}.")
{
    public string Reason => reason;
}

/// <summary>Somebody waits for a peer to be connected; looked at on the peer's thread.</summary>
/// <param name="began">µs.</param>
internal sealed class ConnectWait(VoicePeer peer, RemoteTransport remote, long began, TimeSpan limit)
{
    // µs: a candidate that has not answered some checks by then is not tried alone any longer. The node may hear of us later than its first check comes.
    private const long CandidatePatience = 500_000;

    private readonly long _deadline = began + (long)limit.TotalMicroseconds;
    private long _nextCandidate = began + CandidatePatience;
    private int _candidate;

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True: there is an outcome, and nothing more to look at.</summary>
    public bool IsOver(long now)
    {
        switch (peer.State)
        {
            case PeerState.Connected when remote.Sha256 is { } sha256 && !SHA256.HashData(peer.PeerCertificate).AsSpan().SequenceEqual(sha256):
                return Fail("wrongCertificate");
            case PeerState.Connected:
                Done.TrySetResult();
                return true;
            case PeerState.Ended:
                return Fail("dtlsFailed");
            default:
                TryNextCandidate(now);
                return now >= _deadline && Fail(peer.State == PeerState.Checking ? "iceTimeout" : "dtlsTimeout");
        }
    }

    private void TryNextCandidate(long now)
    {
        if (peer.State != PeerState.Checking || remote.Addresses.Count < 2 || now < _nextCandidate)
            return;
        _nextCandidate = now + CandidatePatience;
        _candidate = (_candidate + 1) % remote.Addresses.Count;
        peer.ConnectTo(remote.Addresses[_candidate]);
    }

    private bool Fail(string reason)
    {
        Done.TrySetException(new TransportFailedException(reason));
        return true;
    }
}
