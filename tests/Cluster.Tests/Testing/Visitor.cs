using System.Net;
using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A participant without media that joins a channel, and leaves when it is disposed.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static int _lastVisitor = 400_000;

    private readonly VoiceThread _thread;
    private readonly IVoiceParticipant _participant;

    private Visitor(VoiceThread thread, IVoiceParticipant participant) => (_thread, _participant) = (thread, participant);

    /// <param name="gateway">The index of the gateway through which the visitor joins, from 0.</param>
    /// <exception cref="JoinFailedException">The join was refused; the exception's reason is the code of the VoiceError.</exception>
    public static async Task<Visitor> JoinAsync(LocalCluster cluster, string channel, int gateway = 0)
    {
        var thread = new VoiceThread(IPAddress.Loopback);
        try
        {
            await using var target = cluster.NewTarget(controlOnly: true);
            var number = (Interlocked.Increment(ref _lastVisitor) * cluster.Gateways.Count()) + gateway % cluster.Gateways.Count() + 1;
            var spec = new ParticipantSpec((uint)number, channel, Speaks: false, Hears: false, thread, new ReceptionRecorder());
            return new Visitor(thread, await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), CancellationToken.None));
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _participant.DisposeAsync();
        _thread.Dispose();
    }
}
