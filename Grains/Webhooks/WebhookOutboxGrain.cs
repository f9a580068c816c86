using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Webhooks;

/// <summary>An outbox in the world. Reentrant: events are taken in while the receiver lets others wait.</summary>
[Reentrant]
internal sealed partial class WebhookOutboxGrain(
    [PersistentState(WebhookOutboxState.StorageName)] IPersistentState<WebhookOutboxState> state,
    IOptions<WebhookOptions> options,
    WebhookSender sender,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<WebhookOutboxGrain> logger) : Grain, IWebhookOutboxGrain
{
    private readonly WebhookOptions _options = options.Value;
    private readonly StateStore<WebhookOutboxState> _store = new(state);
    private readonly CancellationTokenSource _gone = new();
    private WebhookOutbox _outbox = null!;
    private Task _sending = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox = new WebhookOutbox(state.State, _options.MaxWaiting);
        return Task.CompletedTask;
    }

    /// <summary>What is on its way is sent again by the next activation: at least once.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _gone.CancelAsync();
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async Task Append(WebhookEvent[] events)
    {
        var dropped = _outbox.Add(events);
        if (dropped > 0)
            metrics.WebhookEventsLost(dropped);
        // Not before they are stored: what was sent and then forgotten would come again in another order.
        await SaveAsync();
        SendOn();
    }

    public Task Wake()
    {
        SendOn();
        return Task.CompletedTask;
    }

    private void SendOn()
    {
        if (_options.Enabled && _sending.IsCompleted)
            _sending = SendAsync();
    }

    private async Task SendAsync()
    {
        var failures = 0;
        while (!_gone.IsCancellationRequested && _outbox.Next(_options.BatchSize) is { } batch)
        {
            var refusal = await sender.TrySendAsync(batch, _gone.Token);
            metrics.WebhookSent(refusal is null);
            if (refusal is null)
            {
                if (failures > 0)
                    LogBack(this.GetPrimaryKeyLong(), failures);
                failures = 0;
                _outbox.Acknowledge(batch);
                await TryStoreAsync();
            }
            else if (!_gone.IsCancellationRequested)
            {
                // Once for each time that it is away, not for each try.
                if (failures++ == 0)
                    LogAway(this.GetPrimaryKeyLong(), _outbox.Count, refusal);
                await Task.Delay(WebhookBackoff.After(failures, _options), time, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
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
            LogNotStored(exception, this.GetPrimaryKeyLong());
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

    [LoggerMessage(1, LogLevel.Warning, "The receiver of webhooks does not take them; outbox {Outbox} keeps {Waiting} events and tries again: {Refusal}")]
    private partial void LogAway(long outbox, int waiting, string refusal);

    [LoggerMessage(2, LogLevel.Information, "The receiver of webhooks is back, after {Failures} failures of outbox {Outbox}")]
    private partial void LogBack(long outbox, int failures);

    [LoggerMessage(3, LogLevel.Warning, "Outbox {Outbox} could not store what the receiver has acknowledged")]
    private partial void LogNotStored(Exception exception, long outbox);
}
