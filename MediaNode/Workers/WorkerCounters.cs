using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Workers;

/// <summary>What one worker counts: written by its thread only, read by anyone.</summary>
internal sealed class WorkerCounters
{
    private long _received;
    private long _forwarded;
    private long _busy;
    private int _endpoints;
    private int _rooms;
    private int _links;
    private long _linkPacketsReceived;
    private long _linkBytesReceived;
    private long _linkPacketsSent;
    private long _linkBytesSent;
    private long _linkRoundTrip;

    /// <summary>Datagrams of every kind.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Media packets sent on, one for each receiver.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Microseconds that the worker was not asleep.</summary>
    public long Busy => Volatile.Read(ref _busy);

    public int Endpoints { get => Volatile.Read(ref _endpoints); set => Volatile.Write(ref _endpoints, value); }

    public int Rooms { get => Volatile.Read(ref _rooms); set => Volatile.Write(ref _rooms, value); }

    /// <summary>Ends of links between rooms.</summary>
    public int Links { get => Volatile.Read(ref _links); set => Volatile.Write(ref _links, value); }

    /// <summary>Authentic datagrams that came over links, media and keepalives.</summary>
    public long LinkPacketsReceived => Volatile.Read(ref _linkPacketsReceived);

    /// <summary>Of UDP payload.</summary>
    public long LinkBytesReceived => Volatile.Read(ref _linkBytesReceived);

    /// <summary>Datagrams that were sent over links, media and keepalives.</summary>
    public long LinkPacketsSent => Volatile.Read(ref _linkPacketsSent);

    /// <inheritdoc cref="LinkBytesReceived"/>
    public long LinkBytesSent => Volatile.Read(ref _linkBytesSent);

    /// <summary>Of the farthest link whose other end has answered, µs; 0: of none.</summary>
    public long LinkRoundTrip { get => Volatile.Read(ref _linkRoundTrip); set => Volatile.Write(ref _linkRoundTrip, value); }

    public DropCounters Drops { get; } = new();

    public void AddReceived(int count) => Volatile.Write(ref _received, _received + count);

    public void AddForwarded(int count) => Volatile.Write(ref _forwarded, _forwarded + count);

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
