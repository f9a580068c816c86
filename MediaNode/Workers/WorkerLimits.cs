using Hype.MediaNode.Configuration;

namespace Hype.MediaNode.Workers;

/// <summary>The limits of one worker for endpoints and handshakes, as configured in <see cref="MediaNodeOptions"/>.</summary>
/// <param name="Endpoints">Endpoints in total.</param>
/// <param name="PendingHandshakes">Handshakes in progress at a time.</param>
/// <param name="HandshakesPerAddress">Handshakes begun in a second.</param>
internal sealed record WorkerLimits(int Endpoints, int PendingHandshakes, int HandshakesPerAddress)
{
    public static WorkerLimits Default { get; } = Of(new MediaNodeOptions());

    public static WorkerLimits Of(MediaNodeOptions options) =>
        new(options.MaxEndpointsPerWorker, options.MaxPendingHandshakes, options.HandshakesPerAddress);
}
