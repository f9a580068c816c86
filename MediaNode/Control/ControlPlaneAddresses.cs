using Hype.MediaNode.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Control;

/// <summary>
/// Where this node takes orders, and the gateways where it registers. A port of 0 is known only when the server listens, so
/// both are read then. In the embedded mode they are one and the same: the process' own gRPC port.
/// </summary>
internal sealed class ControlPlaneAddresses(IServer server, IOptions<MediaNodeOptions> options, MediaNodeRole role, GrpcPortName grpcPort)
{
    public string ControlUrl => Listening(role == MediaNodeRole.Embedded ? grpcPort.Url : options.Value.ControlUrl);

    public IReadOnlyList<string> Gateways => role == MediaNodeRole.Embedded ? [ControlUrl] : options.Value.Gateways;

    // The server lists what it listens on in the order it was configured; a fixed port is listed as configured.
    private string Listening(string configured)
    {
        var uri = new Uri(configured);
        if (uri.Port != 0)
            return configured;
        var listening = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        return listening.Last(address => new Uri(address).Host == uri.Host);
    }
}

/// <summary>The configured URL of the port that serves gRPC in this process.</summary>
internal sealed record GrpcPortName(string Url);
