using Hype.LoadTest.Media;
using Hype.LoadTest.Options;
using Hype.LoadTest.Reporting;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Running;

/// <summary>
/// A member with a valid token that sends <see cref="HostileTraffic"/> at a constant rate over its own socket. The node drops most of a
/// flood before decryption and so loses the member's rollover counter (RFC 3711 §3.3.1): the member joins again every few seconds, so that
/// its packets stay authentic.
/// </summary>
internal sealed class HostileMember(LoadOptions options, IVoiceTarget target, Channel channel, uint number)
    : IParticipantObserver, IBeat, IDisposable
{
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(3);

    // µs: after a longer delay of the thread, the datagrams are not sent late in one burst.
    private const long LongestBacklog = 10_000;

    // Owned. The media thread owns the fields from _traffic on.
    private readonly VoiceThread _thread = new(options.LocalAddress);
    private readonly Random _random = new(options.Seed);
    private volatile SpokenStream? _connected;
    private SpokenStream? _stream;
    private HostileTraffic? _traffic;
    private long _sentUntil;
    private long _owed;
    private long _sent;
    private long _connectedTime;
    private int _joins;
    private int _failed;

    public HostileFigures Figures => new(
        Volatile.Read(ref _sent),
        Math.Round(Volatile.Read(ref _sent) / Math.Max(1e-6, Volatile.Read(ref _connectedTime) / 1e6)),
        _joins,
        _failed);

    /// <summary>Joins, sends for a while, leaves, and repeats this until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _thread.Add(this);
        try
        {
            while (true)
            {
                try
                {
                    var spec = new ParticipantSpec(number, channel.Name, Speaks: true, Hears: true, _thread, this);
                    await using var participant = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), stop);
                    _joins++;
                    await Task.Delay(Stay, stop);
                    _connected = null;
                }
                catch (JoinFailedException)
                {
                    _failed++;
                    await Task.Delay(Stay, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _connected = null;
            await _thread.RemoveAsync(this);
        }
    }

    public void OnBeat(long now)
    {
        // This thread also closes the transport.
        if (_connected is not { Peer.State: PeerState.Connected } stream)
        {
            _stream = null;
            return;
        }

        if (_stream != stream)
        {
            if (stream.Peer.Sender is not { } sender)
                return;
            var keys = new HostileKeys(sender, stream.Ssrc, stream.Peer.NextCheck, stream.Peer.ForgedCheck);
            (_stream, _traffic, _sentUntil, _owed) = (stream, new HostileTraffic(keys, _random, stream.PayloadType), now, 0);
        }

        var time = Math.Min(now - _sentUntil, LongestBacklog);
        _sentUntil = now;
        _connectedTime += time;
        _owed += time * options.HostileRate;
        for (; _owed >= 1_000_000; _owed -= 1_000_000)
        {
            stream.Peer.SendDatagram(_traffic!.Next());
            _sent++;
        }
    }

    public void OnAdmitted(uint memberNumber, int slots) => channel.AddHostile(memberNumber);

    public void OnConnected(SpokenStream stream) => _connected = stream;

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
    }

    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
    }

    public void OnHearing(long now)
    {
    }

    public void OnSwitchBegins(long now)
    {
    }

    public void OnSwitchCommitted(long now)
    {
    }

    public void OnLost(string reason, long now)
    {
    }

    public void OnEvent()
    {
    }

    public void OnMoment(SessionMoment moment, long now)
    {
    }

    public void Dispose() => _thread.Dispose();
}
