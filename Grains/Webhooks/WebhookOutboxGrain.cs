using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Webhooks;

/// <summary>An outbox in the world. Reentrant: events are taken in while the receiver lets others wait.</summary>
[Reentrant]
internal sealed partial class WebhookOutboxGrain(
    [PersistentState(WebhookOutboxState.StorageName)] IPersistentState<WebhookOutboxState> state,
    WebhookReceivers receivers,
    WebhookSender sender,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<WebhookOutboxGrain> logger) : Grain, IWebhookOutboxGrain
{
    /// <summary>Of a receiver whose options this silo does not have.</summary>
    private const int MostForStranger = 1_000;

    /// <summary>A channel whose silo died is looked after by the gateways of those who are in it; this is for one that everybody has left.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(1);

    private readonly StateStore<WebhookOutboxState> _store = new(state);
    private readonly CancellationTokenSource _gone = new();
    private long _shard;
    private string _name = "";
    private WebhookReceiver? _receiver;
    private WebhookOutbox _outbox = null!;
    private Task _sending = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;
    private long? _lookedAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = this.GetPrimaryKeyLong(out var name);
        // A version before knew one receiver, and did not name it.
        _name = name ?? WebhookReceiver.DefaultName;
        _receiver = receivers.Find(_name);
        _outbox = new WebhookOutbox(state.State, _receiver?.MaxWaiting ?? Math.Max(MostForStranger, state.State.Waiting.Count));
        LogActivated(_shard, _name, _outbox.Count, state.State.Open.Count);
        return Task.CompletedTask;
    }

    /// <summary>What is on its way is sent again by the next activation: at least once.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _gone.CancelAsync();
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async Task Store(ChannelId channel, WebhookEvent[] events, bool over)
    {
        var changed = over ? state.State.Open.Remove(channel) : state.State.Open.Add(channel);
        if (events.Length == 0 && !changed)
            return;
        try
        {
            await Append(events);
        }
        catch when (changed)
        {
            // What is not stored is to be said again.
            _ = over ? state.State.Open.Add(channel) : state.State.Open.Remove(channel);
            throw;
        }
    }

    public async Task Append(WebhookEvent[] events)
    {
        var dropped = _outbox.Add(events);
        if (dropped > 0)
            metrics.WebhookEventsLost(_name, dropped);
        // Not before they are stored: what was sent and then forgotten would come again in another order.
        await SaveAsync();
        SendOn();
    }

    public Task Wake()
    {
        SendOn();
        if (_looking.IsCompleted && (_lookedAt is not { } at || time.GetElapsedTime(at) > LookPeriod))
            _looking = LookAfterAsync();
        return Task.CompletedTask;
    }

    private void SendOn()
    {
        if (_receiver is not null && _sending.IsCompleted)
            _sending = SendAsync(_receiver);
    }

    private async Task SendAsync(WebhookReceiver receiver)
    {
        var failures = 0;
        while (!_gone.IsCancellationRequested && _outbox.Next(receiver.BatchSize) is { } batch)
        {
            var refusal = await sender.TrySendAsync(receiver, batch, _gone.Token);
            // That nobody waits for the answer any more is not the receiver's failure.
            if (refusal is not null && _gone.IsCancellationRequested)
                return;
            metrics.WebhookSent(_name, refusal is null);
            if (refusal is null)
            {
                if (failures > 0)
                    LogBack(_name, failures, _shard);
                failures = 0;
                _outbox.Acknowledge(batch);
                await TryStoreAsync();
            }
            else
            {
                // Once for each time that it is away, not for each try.
                if (failures++ == 0)
                    LogAway(_name, _shard, _outbox.Count, refusal);
                await Task.Delay(WebhookBackoff.After(failures, receiver), time, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>Channels that were never over live, or live again: also where all silos and gateways died at once, and nobody comes back.</summary>
    private async Task LookAfterAsync()
    {
        _lookedAt = time.GetTimestamp();
        foreach (var channel in state.State.Open.ToArray())
        {
            if (_gone.IsCancellationRequested)
                return;
            try
            {
                await GrainFactory.GetGrain<IChannelGrain>(channel.Value).EnsureActive();
            }
            catch (Exception exception)
            {
                // Again with the next call, and not only after a minute.
                _lookedAt = null;
                LogNotLookedAfter(exception, channel);
            }
        }
    }

    private async Task TryStoreAsync()
    {
        try
        {
            await SaveAsync();
        }
        catch (Exception exception)
        {
            // After a restart they are sent once more.
            LogNotStored(exception, _shard, _name);
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await _store.SaveAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one is a ghost.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Receiver {Receiver} of webhooks does not take them; outbox {Outbox} keeps {Waiting} events and tries again: {Refusal}")]
    private partial void LogAway(string receiver, long outbox, int waiting, string refusal);

    [LoggerMessage(2, LogLevel.Information, "Receiver {Receiver} of webhooks is back, after {Failures} failures of outbox {Outbox}")]
    private partial void LogBack(string receiver, int failures, long outbox);

    [LoggerMessage(3, LogLevel.Warning, "Outbox {Outbox} could not store what receiver {Receiver} has acknowledged")]
    private partial void LogNotStored(Exception exception, long outbox, string receiver);

    [LoggerMessage(4, LogLevel.Debug, "Outbox {Outbox} of receiver {Receiver} is here: {Waiting} events of {Open} open channels")]
    private partial void LogActivated(long outbox, string receiver, int waiting, int open);

    [LoggerMessage(5, LogLevel.Information, "Channel {Channel} may have left something untold, and could not be looked after; the next try is in a few seconds")]
    private partial void LogNotLookedAfter(Exception exception, ChannelId channel);
}
