using System.Security.Cryptography;
using Hype.MediaClient;

namespace Hype.LoadTest.Media;

/// <summary>A transport did not come up.</summary>
/// <param name="reason">A word for counting: <c>iceTimeout</c>, <c>dtlsTimeout</c>, <c>dtlsFailed</c>, <c>wrongCertificate</c>.</param>
internal sealed class TransportFailedException(string reason) : Exception($"The media transport did not connect: {reason}.")
{
    public string Reason => reason;
}

/// <summary>Somebody waits for a peer to be connected; looked at on the peer's thread.</summary>
/// <param name="sha256">Of the certificate that the other side must show; null: any.</param>
/// <param name="deadline">µs.</param>
internal sealed class ConnectWait(VoicePeer peer, byte[]? sha256, long deadline)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True: there is an outcome, and nothing more to look at.</summary>
    public bool IsOver(long now)
    {
        switch (peer.State)
        {
            case PeerState.Connected when sha256 is not null && !SHA256.HashData(peer.PeerCertificate).AsSpan().SequenceEqual(sha256):
                return Fail("wrongCertificate");
            case PeerState.Connected:
                Done.TrySetResult();
                return true;
            case PeerState.Ended:
                return Fail("dtlsFailed");
            default:
                return now >= deadline && Fail(peer.State == PeerState.Checking ? "iceTimeout" : "dtlsTimeout");
        }
    }

    private bool Fail(string reason)
    {
        Done.TrySetException(new TransportFailedException(reason));
        return true;
    }
}
