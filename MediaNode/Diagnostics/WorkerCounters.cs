using Hype.Hosting.Telemetry;

namespace Hype.MediaNode.Diagnostics;

/// <summary>The counters of one worker: written by its thread only, readable by any thread.</summary>
internal sealed class WorkerCounters
{
    /// <summary>
    /// The histogram bounds for the duration of a turn (one pass of the worker's loop), seconds: powers of two, from a turn with one
    /// packet to a delayed turn.
    /// </summary>
    public static readonly double[] TurnBounds = [.. Enumerable.Range(0, 13).Select(power => 16e-6 * (1 << power))];

    private readonly long[] _closed = new long[Enum.GetValues<CloseReason>().Length];
    private long _received;
    private long _receivedBytes;
    private long _forwarded;
    private long _forwardedBytes;
    private long _newEndpoints;
    private long _revivedEndpoints;
    private long _handshakesDone;
    private long _handshakesFailed;
    private long _turnFailures;
    private long _timerFailures;
    private long _flooding;
    private int _handshakesPending;
    private int _slots;
    private int _speakers;
    private long _busy;
    private int _endpoints;
    private int _rooms;
    private int _links;
    private long _linkPacketsReceived;
    private long _linkBytesReceived;
    private long _linkPacketsSent;
    private long _linkBytesSent;
    private long _linkRoundTrip;

    /// <summary>The number of received datagrams of every protocol.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>The UDP payload of the received datagrams, bytes.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>The UDP payload of the forwarded packets, bytes.</summary>
    public long ForwardedBytes => Volatile.Read(ref _forwardedBytes);

    /// <summary>The number of added endpoints that were new and had to make a DTLS handshake.</summary>
    public long NewEndpoints => Volatile.Read(ref _newEndpoints);

    /// <summary>The number of added endpoints that were revived from another node's ticket.</summary>
    public long RevivedEndpoints => Volatile.Read(ref _revivedEndpoints);

    public long HandshakesDone => Volatile.Read(ref _handshakesDone);

    public long HandshakesFailed => Volatile.Read(ref _handshakesFailed);

    /// <summary>The number of DTLS handshakes in progress.</summary>
    public int HandshakesPending { get => Volatile.Read(ref _handshakesPending); set => Volatile.Write(ref _handshakesPending, value); }

    /// <summary>The number of turns (passes of the worker's loop) and of single datagrams that ended in an exception.</summary>
    public long TurnFailures => Volatile.Read(ref _turnFailures);

    /// <summary>The number of exceptions in the timers of endpoints, links and rooms, or in their removal after one.</summary>
    public long TimerFailures => Volatile.Read(ref _timerFailures);

    /// <summary>The number of reports to the control plane about members that exceeded their budget for some seconds.</summary>
    public long Flooding => Volatile.Read(ref _flooding);

    /// <summary>The number of slots, in all rooms, that a speaker holds.</summary>
    public int Slots { get => Volatile.Read(ref _slots); set => Volatile.Write(ref _slots, value); }

    /// <summary>The number of slots, in all rooms, whose holder spoke within the last second.</summary>
    public int Speakers { get => Volatile.Read(ref _speakers); set => Volatile.Write(ref _speakers, value); }

    /// <summary>The duration of the turns (passes of the worker's loop) that received at least one datagram, seconds.</summary>
    public Tally Turns { get; } = new(TurnBounds);

    /// <summary>The time from the creation of an endpoint until the node accepts its media, seconds.</summary>
    public Tally Connecting { get; } = new(Buckets.Waiting.HistogramBucketBoundaries!);

    /// <summary>The packet loss from the member to the node, one value per member and RTCP report, as a fraction of 1.</summary>
    public Tally LossUp { get; } = new(Buckets.Loss.HistogramBucketBoundaries!);

    /// <summary>The packet loss from the node to the member, one value per member and RTCP report, as a fraction of 1.</summary>
    public Tally LossDown { get; } = new(Buckets.Loss.HistogramBucketBoundaries!);

    /// <summary>The jitter from the member to the node, one value per member and RTCP report, seconds.</summary>
    public Tally JitterUp { get; } = new(Buckets.Path.HistogramBucketBoundaries!);

    /// <summary>The jitter from the node to the member, one value per member and RTCP report, seconds.</summary>
    public Tally JitterDown { get; } = new(Buckets.Path.HistogramBucketBoundaries!);

    /// <summary>The round trip between the node and a member, one value per member and RTCP report, seconds.</summary>
    public Tally RoundTrip { get; } = new(Buckets.Path.HistogramBucketBoundaries!);

    /// <summary>The number of forwarded media packets: a packet that is sent to three receivers counts three times.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>The time in which the worker's thread was not waiting for datagrams or timers, µs.</summary>
    public long Busy => Volatile.Read(ref _busy);

    public int Endpoints { get => Volatile.Read(ref _endpoints); set => Volatile.Write(ref _endpoints, value); }

    public int Rooms { get => Volatile.Read(ref _rooms); set => Volatile.Write(ref _rooms, value); }

    /// <summary>The number of links to other rooms that end at this worker.</summary>
    public int Links { get => Volatile.Read(ref _links); set => Volatile.Write(ref _links, value); }

    /// <summary>The number of authentic datagrams received over links to other rooms: media and keepalives.</summary>
    public long LinkPacketsReceived => Volatile.Read(ref _linkPacketsReceived);

    /// <summary>The UDP payload of the authentic datagrams received over links, bytes.</summary>
    public long LinkBytesReceived => Volatile.Read(ref _linkBytesReceived);

    /// <summary>The number of datagrams sent over links to other rooms: media and keepalives.</summary>
    public long LinkPacketsSent => Volatile.Read(ref _linkPacketsSent);

    /// <inheritdoc cref="LinkBytesReceived"/>
    public long LinkBytesSent => Volatile.Read(ref _linkBytesSent);

    /// <summary>The longest round trip of the worker's links, µs; 0 if no link has measured one.</summary>
    public long LinkRoundTrip { get => Volatile.Read(ref _linkRoundTrip); set => Volatile.Write(ref _linkRoundTrip, value); }

    public DropCounters Drops { get; } = new();

    public long ClosedFor(CloseReason reason) => Volatile.Read(ref _closed[(int)reason]);

    /// <param name="count">Datagrams.</param>
    /// <param name="bytes">Bytes of their UDP payload.</param>
    public void AddReceived(int count, long bytes)
    {
        Volatile.Write(ref _received, _received + count);
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
    }

    /// <inheritdoc cref="AddReceived"/>
    public void AddForwarded(int count, long bytes)
    {
        Volatile.Write(ref _forwarded, _forwarded + count);
        Volatile.Write(ref _forwardedBytes, _forwardedBytes + bytes);
    }

    public void AddEndpoint(bool revived)
    {
        ref var added = ref (revived ? ref _revivedEndpoints : ref _newEndpoints);
        Volatile.Write(ref added, added + 1);
    }

    public void AddClosed(CloseReason reason) => Volatile.Write(ref _closed[(int)reason], _closed[(int)reason] + 1);

    public void AddHandshake(bool done)
    {
        ref var ended = ref (done ? ref _handshakesDone : ref _handshakesFailed);
        Volatile.Write(ref ended, ended + 1);
    }

    public void AddTurnFailure() => Volatile.Write(ref _turnFailures, _turnFailures + 1);

    public void AddTimerFailure() => Volatile.Write(ref _timerFailures, _timerFailures + 1);

    public void AddFlooding() => Volatile.Write(ref _flooding, _flooding + 1);

    /// <param name="length">Bytes.</param>
    public void AddReceivedOverLink(int length)
    {
        Volatile.Write(ref _linkPacketsReceived, _linkPacketsReceived + 1);
        Volatile.Write(ref _linkBytesReceived, _linkBytesReceived + length);
    }

    /// <inheritdoc cref="AddReceivedOverLink"/>
    public void AddSentOverLink(int length)
    {
        Volatile.Write(ref _linkPacketsSent, _linkPacketsSent + 1);
        Volatile.Write(ref _linkBytesSent, _linkBytesSent + length);
    }

    public void AddBusy(long microseconds) => Volatile.Write(ref _busy, _busy + microseconds);
}
