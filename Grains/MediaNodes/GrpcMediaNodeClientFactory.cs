using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hype.Grains.MediaNodes;

/// <summary>Creates the gRPC clients of media nodes.</summary>
internal sealed class GrpcMediaNodeClientFactory(
    IOptions<NodeLeaseOptions> options, GrainMetrics metrics, ILogger<GrpcMediaNodeClient> logger)
    : IMediaNodeClientFactory
{
    public IMediaNodeClient Connect(string controlUrl, string controlToken) =>
        new GrpcMediaNodeClient(controlUrl, controlToken, options.Value.OrderTimeout, metrics, logger);
}
