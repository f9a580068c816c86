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

    /// <summary>Datagrams of every kind.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Media packets sent on, one for each receiver.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Microseconds that the worker was not asleep.</summary>
    public long Busy => Volatile.Read(ref _busy);

    public int Endpoints { get => Volatile.Read(ref _endpoints); set => Volatile.Write(ref _endpoints, value); }

    public int Rooms { get => Volatile.Read(ref _rooms); set => Volatile.Write(ref _rooms, value); }

    public DropCounters Drops { get; } = new();

    public void AddReceived(int count) => Volatile.Write(ref _received, _received + count);

    public void AddForwarded(int count) => Volatile.Write(ref _forwarded, _forwarded + count);

    public void AddBusy(long microseconds) => Volatile.Write(ref _busy, _busy + microseconds);
}
