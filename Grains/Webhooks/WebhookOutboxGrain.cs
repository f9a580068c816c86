using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Hype.Grains.Silos;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Webhooks;

/// <summary>
/// Stores the events for one receiver from the channels of one shard, and sends them. The grain is reentrant: it accepts events while it
/// waits for the receiver.
/// </summary>
[Reentrant]
internal sealed partial class WebhookOutboxGrain(
    [PersistentState(WebhookOutboxState.StorageName)] IPersistentState<WebhookOutboxState> state,
    WebhookReceivers receivers,
    WebhookSender sender,
    IMembershipGate gate,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<WebhookOutboxGrain> logger) : Grain, IWebhookOutboxGrain
{
    /// <summary>The capacity of an outbox whose receiver is not in the options of this silo.</summary>
    private const int CapacityForUnknown = 1_000;

    /// <summary>
    /// The period in which the outbox activates the channels that may have unsent events. After a silo failed, gateways activate the
    /// channels of their connected clients; only this period activates a channel that all members have left.
    /// </summary>
    private static readonly TimeSpan ActivationPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _gone = new();
    private readonly WebhookRejection _rejection = new(time);
    private WebhookOutboxState _state = null!;
    private StateStore<WebhookOutboxState> _store = null!;
    private long _shard;
    private string _name = "";
    private WebhookReceiver? _receiver;
    private WebhookOutbox _outbox = null!;
    private Task _sending = Task.CompletedTask;
    private Task _activating = Task.CompletedTask;
    private long? _activatedAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = this.GetPrimaryKeyLong(out var name);
        _name = name!;
        _receiver = receivers.Find(_name);
        _state = state.State;
        _store = new StateStore<WebhookOutboxState>(state, TakeState);
        _outbox = new WebhookOutbox(_state, _receiver?.MaxWaiting ?? Math.Max(CapacityForUnknown, _state.Waiting.Count));
        ReportOldest();
        LogActivated(_shard, _name, _outbox.Count, _state.Open.Count);
        return Task.CompletedTask;
    }

    /// <summary>Cancels the request in progress. The next activation sends its batch again, so each event arrives at least once.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.WebhookOldest(_name, _shard, null);
        await _gone.CancelAsync();
        await _sending.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async Task Store(ChannelId channel, WebhookEvent[] events, bool final)
    {
        var changed = final ? _state.Open.Remove(channel) : _state.Open.Add(channel);
        if (events.Length == 0 && !changed && _store.IsStored)
            return;
        var dropped = _outbox.Add(events);
        if (dropped > 0)
            metrics.WebhookEventsLost(_name, dropped);
        ReportOldest();
        // If the write fails, the channel repeats this call. The change stays in memory, and the repetition stores it.
        await SaveAsync();
        // Sent only after they are stored: otherwise the events could arrive again in another order.
        SendPending();
    }

    public Task Wake()
    {
        SendPending();
        if (_activating.IsCompleted && (_activatedAt is not { } at || time.GetElapsedTime(at) > ActivationPeriod))
            _activating = ActivateOpenChannelsAsync();
        return Task.CompletedTask;
    }

    private void SendPending()
    {
        if (_receiver is not null && _sending.IsCompleted)
            _sending = SendAsync(_receiver);
    }

    private async Task SendAsync(WebhookReceiver receiver)
    {
        var failures = 0;
        // After a pause of the silo, another activation may have sent these events and later ones.
        while (!_gone.IsCancellationRequested && await gate.PassAsync() && _outbox.Next(receiver.BatchSize) is { } batch)
        {
            var outcome = await sender.TrySendAsync(receiver, batch, _gone.Token);
            // A request that the stopping silo cancelled is not the receiver's failure.
            if (outcome.Refusal is not null && _gone.IsCancellationRequested)
                return;
            metrics.WebhookSent(_name, outcome.Refusal is null);
            if (outcome.Refusal is null)
            {
                if (failures > 0)
                    LogRecovered(_name, failures, _shard);
                failures = 0;
                _rejection.Clear();
                _outbox.Acknowledge(batch);
                ReportOldest();
                await TryStoreAsync();
                continue;
            }

            // One line for each outage, not for each try.
            if (failures++ == 0)
                LogFailing(_name, _shard, _outbox.Count, outcome.Refusal);
            if (!outcome.IsContent)
                _rejection.Pause();
            else if (_outbox.TryHalve() || await GiveUpIfOverdueAsync(receiver, outcome.Refusal))
                continue;
            var backoff = WebhookBackoff.After(failures, receiver);
            await Task.Delay(outcome.RetryAfter > backoff ? outcome.RetryAfter.Value : backoff, time, _gone.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>
    /// Gives up the first event if the receiver has rejected it for too long: the events of other channels wait behind it.
    /// </summary>
    private async Task<bool> GiveUpIfOverdueAsync(WebhookReceiver receiver, string refusal)
    {
        if (_rejection.Add() < receiver.GiveUpAfter)
            return false;
        var rejected = _outbox.GiveUp();
        _rejection.Clear();
        metrics.WebhookEventsLost(_name, 1);
        ReportOldest();
        LogGivenUp(rejected.Id, _name, refusal);
        await TryStoreAsync();
        return true;
    }

    private void ReportOldest() => metrics.WebhookOldest(_name, _shard, _outbox.OldestAt);

    /// <summary>
    /// Activates the channels that have not sent their final call, so that they send their stored events even if all silos and gateways
    /// failed at once and no member returns.
    /// </summary>
    private async Task ActivateOpenChannelsAsync()
    {
        _activatedAt = time.GetTimestamp();
        foreach (var channel in _state.Open.ToArray())
        {
            if (_gone.IsCancellationRequested)
                return;
            try
            {
                await GrainFactory.GetGrain<IChannelGrain>(channel.Value).EnsureActive();
            }
            catch (Exception exception)
            {
                // The next call to Wake tries again, not only the one after the period.
                _activatedAt = null;
                LogChannelNotActivated(exception, channel);
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
            // After a restart the receiver gets these events again.
            LogNotStored(exception, _shard, _name);
        }
    }

    private WebhookOutboxState TakeState()
    {
        _state.Writer = _store.Writer;
        return _state;
    }

    private async Task SaveAsync()
    {
        try
        {
            await _store.SaveAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one is outdated.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Webhook receiver {Receiver} does not accept events; outbox {Outbox} holds {Waiting} events and retries: {Refusal}")]
    private partial void LogFailing(string receiver, long outbox, int waiting, string refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up webhook event {Event}, which receiver {Receiver} rejects: {Refusal}")]
    private partial void LogGivenUp(string @event, string receiver, string refusal);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Webhook receiver {Receiver} accepts events again, after {Failures} failures of outbox {Outbox}")]
    private partial void LogRecovered(string receiver, int failures, long outbox);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Outbox {Outbox} could not store the acknowledgement of webhook receiver {Receiver}")]
    private partial void LogNotStored(Exception exception, long outbox, string receiver);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Outbox {Outbox} of webhook receiver {Receiver} activated with {Waiting} events of {Open} open channels")]
    private partial void LogActivated(long outbox, string receiver, int waiting, int open);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Channel {Channel} may have unsent webhook events and could not be activated; the next try is in a few seconds")]
    private partial void LogChannelNotActivated(Exception exception, ChannelId channel);
}
