using Grpc.Core;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Tickets;
using Hype.NodeRegistry.V1;

namespace Hype.MediaNode.Registration;

/// <summary>
/// A gRPC stream to a gateway over which the node registers, sends heartbeats, load and events, and receives acknowledgements.
/// </summary>
internal sealed class RegistryStream(
    AsyncDuplexStreamingCall<NodeMessage, RegistryMessage> call, UnackedMessages sent, RoomEventQueue events, NodeLoadMeter load,
    NodeDrain drain, ControlContact contact, TimeProvider time)
{
    private static readonly TimeSpan LoadInterval = TimeSpan.FromSeconds(1);

    private const uint ShortestHeartbeatMs = 10;

    // The maximum number of events in one message: with tickets of at most 2 KiB each it stays far below gRPC's 4 MiB.
    private const int EventsPerMessage = 256;

    private long _loadAt = time.GetTimestamp();
    private bool _reportedDraining;

    /// <summary>Sends the registration and returns the gateway's answer, or an empty message if the gateway ended the stream.</summary>
    public async Task<RegistryMessage> RegisterAsync(Register register, CancellationToken stopping)
    {
        await WriteAsync(new NodeMessage { Register = register }, stopping);
        return await call.ResponseStream.MoveNext(stopping) ? call.ResponseStream.Current : new RegistryMessage();
    }

    /// <summary>
    /// Sends heartbeats and events until either side ends the stream. Events that were not acknowledged until then are sent again on the
    /// next stream.
    /// </summary>
    public async Task ServeAsync(Registered registered, CancellationToken stopping)
    {
        if (!sent.TryAcknowledge(1, []))
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var heartbeatInterval = TimeSpan.FromMilliseconds(Math.Max(registered.HeartbeatIntervalMs, ShortestHeartbeatMs));
        var writing = WriteAsync(heartbeatInterval, over.Token);
        var reading = ReadAsync(over.Token);
        var first = await Task.WhenAny(writing, reading);
        await over.CancelAsync();
        await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.StartOver();
        // The first task has the reason for the end; the other was only cancelled.
        await first;
    }

    // `register_again` and invalid messages end the stream: the next one begins with `register`.
    private async Task ReadAsync(CancellationToken stopping)
    {
        while (await call.ResponseStream.MoveNext(stopping))
        {
            if (call.ResponseStream.Current.Ack is not { } ack || !sent.TryAcknowledge(ack.Received, ack.UndeliveredChannels))
                return;
        }
    }

    // Heartbeats and events share one stream and one writer: gRPC allows one write at a time.
    private async Task WriteAsync(TimeSpan heartbeatInterval, CancellationToken stopping)
    {
        using var heartbeats = new PeriodicTimer(heartbeatInterval, time);
        var heartbeat = heartbeats.WaitForNextTickAsync(stopping).AsTask();
        var waiting = events.WaitAsync(stopping);
        while (true)
        {
            // Read before the check, so that no change is missed between the two.
            var changed = drain.Changed;
            // A change is sent at once: until then rooms are still placed here.
            if (drain.IsDraining != _reportedDraining)
            {
                _reportedDraining = !_reportedDraining;
                await SendHeartbeatAsync(withLoad: true, stopping);
            }

            await Task.WhenAny(heartbeat, waiting, changed);
            if (waiting.IsCompleted)
            {
                await waiting;
                await SendEventsAsync(stopping);
                waiting = events.WaitAsync(stopping);
            }

            if (heartbeat.IsCompleted)
            {
                await heartbeat;
                // The heartbeat nearest to the second, early or late: a timer is never exact.
                await SendHeartbeatAsync(withLoad: time.GetElapsedTime(_loadAt) >= LoadInterval - heartbeatInterval / 2, stopping);
                // Events that a channel has missed are sent again.
                await SendEventsAsync(stopping);
                heartbeat = heartbeats.WaitForNextTickAsync(stopping).AsTask();
            }
        }
    }

    private async Task SendHeartbeatAsync(bool withLoad, CancellationToken stopping)
    {
        var heartbeat = new Heartbeat { AckedForMs = (ulong)contact.FreshFor(contact.Now).TotalMilliseconds };
        if (withLoad)
        {
            heartbeat.Load = load.Measure();
            _loadAt = time.GetTimestamp();
        }

        await WriteAsync(new NodeMessage { Heartbeat = heartbeat }, stopping);
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
