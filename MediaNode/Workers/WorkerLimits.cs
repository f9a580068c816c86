using Hype.MediaNode.Configuration;

namespace Hype.MediaNode.Workers;

/// <summary>What one worker takes on, from <see cref="MediaNodeOptions"/>.</summary>
/// <param name="Endpoints">Together.</param>
/// <param name="PendingHandshakes">At a time.</param>
/// <param name="HandshakesPerAddress">Begun in a second.</param>
internal sealed record WorkerLimits(int Endpoints, int PendingHandshakes, int HandshakesPerAddress)
{
    public static WorkerLimits Default { get; } = Of(new MediaNodeOptions());

    public static WorkerLimits Of(MediaNodeOptions options) => new(options.MaxEndpointsPerWorker, options.MaxPendingHandshakes, options.HandshakesPerAddress);
}
