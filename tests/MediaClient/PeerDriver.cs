using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using static Hype.MediaNode.Net.LinuxSockets;

namespace Hype.MediaClient;

/// <summary>
/// A thread that carries the datagrams of many peers, each with its own UDP socket. Only this thread uses the peers; other threads reach
/// them through <see cref="Post"/>. Time is in microseconds of the machine's monotonic clock.
/// </summary>
internal sealed unsafe partial class PeerDriver : IDisposable
{
    // µs between two runs of the peers' timers, whose shortest interval is 50 ms.
    private const long TickInterval = 10_000;

    private readonly bool _stamps;
    private readonly bool _sweeps;
    private readonly long _beatNanoseconds;
    private readonly IPAddress _bindTo;
    private readonly Action<long>? _beat;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Posted> _posted = [];
    private readonly Lock _posting = new();
    private readonly List<Line> _peers = [];
    private readonly StampedBatch _batch = new();
    private readonly int _wakeFd;
    private PollFd[] _fds;
    private long _nextTick;
    private long _stampOffset;
    private volatile bool _stopping;
    private bool _stopped;

    /// <param name="bindTo">The local address of every peer; the system chooses the ports.</param>
    /// <param name="beat">Called with the time at least every <paramref name="beatMicroseconds"/>: speakers send frames here.</param>
    /// <param name="stamps">True: the kernel provides arrival times.</param>
    /// <param name="sweeps">
    /// Polls every socket once per period instead of waiting: the sender then never pays for waking this thread, so that
    /// a node's own cost is measured without its clients'.
    /// </param>
    /// <param name="beatMicroseconds">1–1,000,000. A shorter period costs more wake-ups.</param>
    public PeerDriver(IPAddress bindTo, Action<long>? beat = null, bool stamps = true, bool sweeps = false, int beatMicroseconds = 1000)
    {
        (_bindTo, _beat, _stamps, _sweeps, _beatNanoseconds) = (bindTo, beat, stamps, sweeps, beatMicroseconds * 1000L);
        _wakeFd = EventFd(0, EfdNonBlock);
        _fds = new PollFd[64];
        _fds[0] = new PollFd { Fd = _wakeFd, Events = PollIn };
        _thread = new Thread(Run) { Name = "peers", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The current monotonic time of this machine, µs.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));

    /// <summary>The peers of this driver; only the driver's thread may use them.</summary>
    public IEnumerable<VoicePeer> Peers => _peers.Select(line => line.Peer);

    /// <summary>Creates a peer with a socket. The peer starts connectivity checks to <paramref name="address"/> at once.</summary>
    /// <param name="path">The simulated path between the two; null: none.</param>
    public Task<VoicePeer> AddAsync(
        IceCredentials own,
        IceCredentials node,
        uint number,
        DtlsContext dtls,
        IVoiceListener listener,
        TransportAddress? address,
        bool answersChecks = false,
        bool servesDtls = false,
        IPeerPath? path = null) =>
        PostAsync(() =>
        {
            var socket = new PeerSocket(_bindTo, _stamps);
            var peer = new VoicePeer(own, node, number, dtls, path?.Over(socket) ?? socket, listener, servesDtls)
            {
                AnswersChecks = answersChecks,
            };
            if (address is { } known)
                peer.ConnectTo(known);
            _peers.Add(new Line(peer, socket, path));
            if (_fds.Length == _peers.Count)
                Array.Resize(ref _fds, 2 * _fds.Length);
            _fds[_peers.Count] = new PollFd { Fd = socket.Fd, Events = PollIn };
            peer.Tick(Now);
            return peer;
        });

    /// <summary>Returns the source address of a peer's datagrams: its host candidate.</summary>
    public Task<TransportAddress> AddressOfAsync(VoicePeer peer) => PostAsync(() => _peers.Find(line => line.Peer == peer).Socket.Address);

    /// <summary>Removes a peer: sends close_notify and closes its socket.</summary>
    public Task RemoveAsync(VoicePeer peer) => PostAsync(() =>
    {
        var index = _peers.FindIndex(line => line.Peer == peer);
        if (index < 0)
            return false;
        Close(_peers[index]);
        _peers.RemoveAt(index);
        for (var i = index; i < _peers.Count; i++)
            _fds[i + 1] = new PollFd { Fd = _peers[i].Socket.Fd, Events = PollIn };
        return true;
    });

    /// <summary>Queues an action for this driver's thread; it does not run if the driver is disposed first.</summary>
    public void Post(Action action) => Enqueue(new Posted(action, Refuse: null));

    /// <exception cref="ObjectDisposedException">The driver was disposed before the action ran.</exception>
    public Task<T> PostAsync<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Posted(Run, () => done.SetException(new ObjectDisposedException(nameof(PeerDriver)))));
        return done.Task;

        void Run()
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    public void Dispose()
    {
        _stopping = true;
        Post(static () => { });
        _thread.Join();
        lock (_posting)
            _stopped = true;
        while (_posted.TryDequeue(out var posted))
            posted.Refuse?.Invoke();
        foreach (var line in _peers)
            Close(line);
        _batch.Dispose();
        LinuxSockets.Close(_wakeFd);
    }

    private void Enqueue(Posted posted)
    {
        lock (_posting)
        {
            if (!_stopped)
            {
                _posted.Enqueue(posted);
                ulong one = 1;
                Write(_wakeFd, &one, sizeof(ulong));
                return;
            }
        }

        posted.Refuse?.Invoke();
    }

    private static void Close(Line line)
    {
        line.Peer.Close();
        line.Peer.Dispose();
        line.Socket.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            Wait();
            while (_posted.TryDequeue(out var posted))
                posted.Run();
            // The peers' clock is monotonic, the kernel's timestamps are wall-clock times: one conversion offset per poll.
            var now = Now;
            _stampOffset = now - ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10);
            for (var i = 0; i < _peers.Count; i++)
            {
                if (_sweeps || _fds[i + 1].Revents != 0)
                    Receive(_peers[i]);
            }

            foreach (var line in _peers)
                line.Path?.Turn(line.Peer, Now);
            _beat?.Invoke(Now);
            if (now < _nextTick)
                continue;
            _nextTick = now + TickInterval;
            foreach (var line in _peers)
                line.Peer.Tick(now);
        }
    }

    private void Wait()
    {
        var timeout = new TimeSpec(_beatNanoseconds / 1_000_000_000, _beatNanoseconds % 1_000_000_000);
        fixed (PollFd* fds = _fds)
        {
            if (PPoll(fds, _sweeps ? 1 : (nuint)(_peers.Count + 1), &timeout, 0) <= 0 || fds[0].Revents == 0)
                return;
        }

        ulong drained;
        Read(_wakeFd, &drained, sizeof(ulong));
    }

    private void Receive(Line line)
    {
        int count;
        do
        {
            count = _batch.Receive(line.Socket.Fd);
            for (var i = 0; i < count; i++)
            {
                var stamp = _batch.ArrivedAt(i);
                var arrivedAt = stamp == 0 ? Now : stamp + _stampOffset;
                if (line.Path is { } path)
                    path.Receive(line.Peer, _batch.Datagram(i), _batch.Source(i), arrivedAt);
                else
                    line.Peer.Receive(_batch.Datagram(i), _batch.Source(i), arrivedAt);
            }
        }
        while (_batch.IsFull(count));
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int PPoll(PollFd* fds, nuint count, TimeSpec* timeout, nint signals);

    private readonly record struct Line(VoicePeer Peer, PeerSocket Socket, IPeerPath? Path);

    /// <summary>An action that waits for this driver's thread, and the action that runs instead if the driver is disposed first.</summary>
    /// <param name="Refuse">Notifies the waiting caller that the work will not run; null: no caller waits.</param>
    private readonly record struct Posted(Action Run, Action? Refuse);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
