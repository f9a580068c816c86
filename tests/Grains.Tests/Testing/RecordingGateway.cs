using System.Collections.Concurrent;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A fake gateway that records its events. A test can wait for an event, and also receives one that has already arrived.
/// </summary>
internal sealed class RecordingGateway(string id) : IGatewayObserver
{
    private static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<object> _received = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayRef? _reference;

    public GatewayRef In(IGrainFactory grains) =>
        _reference ??= new GatewayRef(id, new("local"), grains.CreateObjectReference<IGatewayObserver>(this));

    public IReadOnlyList<ChannelEventBatch> Batches
    {
        get
        {
            lock (_gate)
                return [.. _received.OfType<ChannelEventBatch>()];
        }
    }

    /// <summary>The channels in which this gateway holds no session, whatever they assume.</summary>
    public ConcurrentBag<ChannelId> Unknown { get; } = [];

    /// <summary>The received peer signals in the order of their arrival.</summary>
    public IReadOnlyList<PeerSignal> Signals
    {
        get
        {
            lock (_gate)
                return [.. _received.OfType<(SessionId To, PeerSignal Signal)>().Select(received => received.Signal)];
        }
    }

    public Task ChannelChanged(ChannelEventBatch batch)
    {
        Add([batch, .. batch.Events]);
        return Task.CompletedTask;
    }

    /// <summary>False: the gateway does not answer, as if its process were killed.</summary>
    public bool Answers { get; set; } = true;

    public Task<ChannelId[]> RenewLease(ChannelId[] channels, bool lost)
    {
        if (lost)
            Add([new LostLease()]);
        return Answers
            ? Task.FromResult(channels.Intersect(Unknown).ToArray())
            : throw new TimeoutException("This gateway does not answer.");
    }

    public Task<bool> Signalled(ChannelId channel, SessionId to, PeerSignal[] signals)
    {
        if (!Answers)
            throw new TimeoutException("This gateway does not answer.");
        if (Unknown.Contains(channel))
            return Task.FromResult(false);
        Add(signals.Select(signal => (object)(to, signal)));
        return Task.FromResult(true);
    }

    /// <summary>
    /// Waits for the first event of this type that satisfies the condition, and returns it; events that arrived before count too.
    /// </summary>
    public async Task<T> Receives<T>(Func<T, bool>? fits = null)
    {
        using var timeout = new CancellationTokenSource(EventTimeout);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                foreach (var received in _received.OfType<T>())
                {
                    if (fits is null || fits(received))
                        return received;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{id} did not receive a {typeof(T).Name} that fits, but: {string.Join(", ", _received)}");
            }
        }
    }

    private void Add(IEnumerable<object> received)
    {
        lock (_gate)
        {
            _received.AddRange(received);
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The event that a silo counted the lease of this gateway as lost.</summary>
    internal sealed record LostLease;
}
