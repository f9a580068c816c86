using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Tests.Testing;

/// <summary>A gateway that only listens. Waits look at what has come already, then at what comes.</summary>
internal sealed class RecordingGateway(string id) : IGatewayObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<object> _heard = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayRef? _reference;

    public GatewayRef In(IGrainFactory grains) => _reference ??= new GatewayRef(id, new("local"), grains.CreateObjectReference<IGatewayObserver>(this));

    public IReadOnlyList<ChannelEventBatch> Batches { get { lock (_gate) return [.. _heard.OfType<ChannelEventBatch>()]; } }

    public Task ChannelChanged(ChannelEventBatch batch)
    {
        Hear([batch, .. batch.Events]);
        return Task.CompletedTask;
    }

    public Task Signalled(ChannelId channel, SessionId to, PeerSignal signal)
    {
        Hear([(to, signal)]);
        return Task.CompletedTask;
    }

    /// <summary>The first of this kind that fits, heard before or after now.</summary>
    public async Task<T> Hears<T>(Func<T, bool>? fits = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                foreach (var heard in _heard.OfType<T>())
                {
                    if (fits is null || fits(heard))
                        return heard;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{id} never heard the {typeof(T).Name} it waited for, but: {string.Join(", ", _heard)}");
            }
        }
    }

    private void Hear(IEnumerable<object> heard)
    {
        lock (_gate)
        {
            _heard.AddRange(heard);
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
