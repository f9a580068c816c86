using System.Net;
using Hype.Gateway.Configuration;
using Hype.Gateway.NodeRegistry;
using Hype.Hosting.Starting;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Hosting;
using Hype.Silo.Clustering;
using Hype.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

/// <summary>
/// Adds the embedded mode: the gateway's process also hosts a silo and a media node. No other file of the gateway may refer to the
/// projects Silo and MediaNode.
/// </summary>
internal static class EmbeddedMode
{
    /// <summary>Adds the silo and the media node to the gateway's process.</summary>
    public static void AddEmbeddedCluster(this WebApplicationBuilder builder)
    {
        builder.AddHypeSilo();
        builder.AddEmbeddedHypeMediaNode(OwnControlPlane);
    }

    /// <summary>Returns the address at which a media node in this process registers, and the credential of that node.</summary>
    public static (string GrpcUrl, string JoinSecret) OwnControlPlane(IServiceProvider provider) => (
        provider.GetRequiredService<IOptions<GatewayOptions>>().Value.GrpcUrl,
        NodeCredentials.For(
            provider.GetRequiredService<IOptions<NodeRegistryOptions>>().Value.JoinSecret,
            provider.GetRequiredService<IOptions<MediaNodeOptions>>().Value.NodeId));

    /// <summary>Maps the service that receives node orders at the gateway's own gRPC port.</summary>
    public static void MapEmbeddedCluster(this WebApplication app) => app.MapHypeMediaNode();

    /// <summary>Adds the ports of the silo and the media node to the ports that must be free.</summary>
    public static PortCheck AddEmbeddedPorts(this PortCheck ports, IServiceProvider services)
    {
        var silo = services.GetRequiredService<IOptions<SiloOptions>>().Value;
        var node = services.GetRequiredService<IOptions<MediaNodeOptions>>().Value;
        return ports
            .Tcp($"{SiloOptions.Section}:{nameof(silo.SiloPort)}", IPAddress.Loopback, silo.SiloPort)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.GatewayPort)}", IPAddress.Loopback, silo.GatewayPort)
            .Udp($"{MediaNodeOptions.Section}:{nameof(node.UdpPort)}", node.UdpPort, node.CountWorkers());
    }
}
