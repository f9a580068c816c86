using System.Security.Cryptography;
using Hype.MediaClient;

namespace Hype.LoadTest.Media;

/// <summary>Thrown if a media transport does not connect.</summary>
/// <param name="reason">
/// The reason as a keyword, by which the report counts failures: <c>iceTimeout</c>, <c>dtlsTimeout</c>, <c>dtlsFailed</c>,
/// <c>wrongCertificate</c>, <c>noSocket</c>.
/// </param>
internal sealed class TransportFailedException(string reason) : Exception($"The media transport did not connect: {reason}.")
{
    public string Reason => reason;
}

/// <summary>
/// Waits until a peer is connected, has failed, or has reached its time limit. The peer's media thread evaluates the wait about once a
/// millisecond.
/// </summary>
/// <param name="began">The start of the wait in µs, <see cref="PeerDriver.Now"/>.</param>
internal sealed class ConnectWait(VoicePeer peer, RemoteTransport remote, long began, TimeSpan limit)
{
    // µs: without an answer by then, the other candidates are tried too. The first check may reach the node before its order does.
    private const long CandidateTimeout = 500_000;

    private readonly long _deadline = began + (long)limit.TotalMicroseconds;
    private long _nextCandidate = began + CandidateTimeout;
    private int _candidate;

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns true if the wait is over; <see cref="Done"/> then has the result.</summary>
    public bool IsOver(long now)
    {
        switch (peer.State)
        {
            case PeerState.Connected when remote.Sha256 is { } sha256 && !SHA256.HashData(peer.PeerCertificate).AsSpan()
                .SequenceEqual(sha256):
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
        _nextCandidate = now + CandidateTimeout;
        _candidate = (_candidate + 1) % remote.Addresses.Count;
        peer.ConnectTo(remote.Addresses[_candidate]);
    }

    private bool Fail(string reason)
    {
        Done.TrySetException(new TransportFailedException(reason));
        return true;
    }
}
