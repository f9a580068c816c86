using Grpc.Core;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Tickets;
using Hype.NodeRegistry.V1;

namespace Hype.MediaNode.Registration;

/// <summary>One registered stream: beats, load and events go out, acknowledgements come in.</summary>
internal sealed class RegistryStream(
    AsyncDuplexStreamingCall<NodeMessage, RegistryMessage> call, SentMessages sent, RoomEventQueue events, NodeLoadMeter load, NodeDrain drain, ControlContact contact, TimeProvider time)
{
    private static readonly TimeSpan LoadInterval = TimeSpan.FromSeconds(1);

    private const uint ShortestBeatMs = 10;

    // Events that wait are sent in messages of at most so many: tickets of at most 2 KiB each stay far below gRPC's 4 MiB.
    private const int EventsPerMessage = 256;

    private long _loadAt = time.GetTimestamp();
    private bool _saidDraining;

    /// <summary>The gateway's answer to the registration; an empty one when it ended the stream instead.</summary>
    public async Task<RegistryMessage> RegisterAsync(Register register, CancellationToken stopping)
    {
        await WriteAsync(new NodeMessage { Register = register }, stopping);
        return await call.ResponseStream.MoveNext(stopping) ? call.ResponseStream.Current : new RegistryMessage();
    }

    /// <summary>Beats until either side ends the stream. Nothing that was not acknowledged is forgotten then.</summary>
    public async Task ServeAsync(Registered registered, CancellationToken stopping)
    {
        if (!sent.TryKeep(1, []))
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var beatInterval = TimeSpan.FromMilliseconds(Math.Max(registered.BeatIntervalMs, ShortestBeatMs));
        var writing = WriteAsync(beatInterval, over.Token);
        var reading = ReadAsync(over.Token);
        var first = await Task.WhenAny(writing, reading);
        await over.CancelAsync();
        await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.StartOver();
        // What ended the stream is in the first; the other was only cancelled.
        await first;
    }

    // `register_again` is answered by ending the stream: the next one begins with `register`. So is nonsense.
    private async Task ReadAsync(CancellationToken stopping)
    {
        while (await call.ResponseStream.MoveNext(stopping) && call.ResponseStream.Current.Kept is { } kept && sent.TryKeep(kept.Messages, kept.Missed))
        {
        }
    }

    // Beats and events share one stream and one writer: gRPC allows one write at a time.
    private async Task WriteAsync(TimeSpan beatInterval, CancellationToken stopping)
    {
        using var beats = new PeriodicTimer(beatInterval, time);
        var beat = beats.WaitForNextTickAsync(stopping).AsTask();
        var waiting = events.WaitAsync(stopping);
        while (true)
        {
            // Taken before the look, so that no change falls between the two.
            var changed = drain.Changed;
            // It is said at once: until then rooms are still placed here.
            if (drain.IsDraining != _saidDraining)
            {
                _saidDraining = !_saidDraining;
                await BeatAsync(withLoad: true, stopping);
            }
            await Task.WhenAny(beat, waiting, changed);
            if (waiting.IsCompleted)
            {
                await waiting;
                await SendEventsAsync(stopping);
                waiting = events.WaitAsync(stopping);
            }
            if (beat.IsCompleted)
            {
                await beat;
                // The beat next to the second, early or late: a timer is never exact.
                await BeatAsync(withLoad: time.GetElapsedTime(_loadAt) >= LoadInterval - beatInterval / 2, stopping);
                // What a channel has missed goes again.
                await SendEventsAsync(stopping);
                beat = beats.WaitForNextTickAsync(stopping).AsTask();
            }
        }
    }

    private async Task BeatAsync(bool withLoad, CancellationToken stopping)
    {
        var beat = new Beat { HeardForMs = (ulong)contact.FreshFor(contact.Now).TotalMilliseconds };
        if (withLoad)
        {
            beat.Load = load.Measure();
            _loadAt = time.GetTimestamp();
        }
        await WriteAsync(new NodeMessage { Beat = beat }, stopping);
    }

    private async Task SendEventsAsync(CancellationToken stopping)
    {
        if (events.Take(EventsPerMessage) is { } batch)
            await WriteAsync(new NodeMessage { Events = batch.ToMessage() }, stopping);
    }

    private Task WriteAsync(NodeMessage message, CancellationToken stopping)
    {
        sent.Add(hasEvents: message.BodyCase == NodeMessage.BodyOneofCase.Events);
        return call.RequestStream.WriteAsync(message, stopping);
    }
}
