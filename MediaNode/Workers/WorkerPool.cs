using System.Threading.Channels;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Workers;

/// <summary>The worker threads of the node; the host starts and stops them.</summary>
internal sealed partial class WorkerPool : IHostedService, IDisposable
{
    private readonly ILogger<WorkerPool> _logger;
    private readonly List<MediaWorker> _workers = [];
    private readonly List<IDatagramSocket> _sockets = [];
    private readonly List<Thread> _threads = [];

    public WorkerPool(
        IOptions<MediaNodeOptions> options, ChannelWriter<RoomEvent> events, ControlContact contact, TimeProvider time,
        ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<WorkerPool>();
        var severalAddresses = options.Value.AnnouncedAddresses.Length > 0 || HostAddresses.AreSeveral();
        for (var i = 0; i < options.Value.CountWorkers(); i++)
        {
            var socket = DatagramSockets.Open(options.Value.UdpPort == 0 ? 0 : options.Value.UdpPort + i, severalAddresses);
            _sockets.Add(socket);
            _workers.Add(new MediaWorker(
                socket, new MonotonicClock(time), contact, events, loggers.CreateLogger<MediaWorker>(), options.Value.Aes,
                WorkerLimits.Of(options.Value)));
        }
    }

    public IReadOnlyList<MediaWorker> Workers => _workers;

    /// <summary>
    /// The worker that gets the next room: the one with the fewest endpoints and, among equal workers, the fewest rooms, because rooms
    /// without endpoints may soon get some.
    /// </summary>
    public MediaWorker LeastLoaded => _workers.MinBy(worker => (worker.Counters.Endpoints, worker.Counters.Rooms))!;

    /// <summary>
    /// The number of endpoints on all workers. It is a momentary value, because the workers' threads change it concurrently.
    /// </summary>
    public int Endpoints => _workers.Sum(worker => worker.Counters.Endpoints);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var worker in _workers)
        {
            var thread = new Thread(worker.Run) { Name = $"media {worker.Port}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }

        LogStarted(_workers.Count, string.Join(", ", _workers.Select(worker => worker.Port)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        return Task.CompletedTask;
    }

    // A host whose start fails half-way is disposed without being stopped: no thread may continue in memory that is freed here.
    public void Dispose()
    {
        Stop();
        foreach (var socket in _sockets)
            socket.Dispose();
        _sockets.Clear();
    }

    private void Stop()
    {
        if (_threads.Count == 0)
            return;
        foreach (var worker in _workers)
            worker.Stop();
        foreach (var thread in _threads)
            thread.Join();
        _threads.Clear();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} media workers listen on UDP {Ports}")]
    private partial void LogStarted(int count, string ports);
}
