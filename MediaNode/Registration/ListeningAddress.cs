using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hype.MediaNode.Registration;

/// <summary>
/// Resolves a configured URL to the address at which the server listens. With port 0, the port is known only after the server has started.
/// </summary>
internal sealed class ListeningAddress(IServer server)
{
    /// <summary>
    /// Returns the listening address for a configured URL. A wildcard (<c>*</c>) and <c>localhost</c> become the loopback address.
    /// </summary>
    public string Of(string configured)
    {
        var url = BindingAddress.Parse(configured);
        // The server lists addresses in their configured order, and gRPC's is configured last.
        var port = url.Port != 0 ? url.Port : BindingAddress.Parse(server.Features.Get<IServerAddressesFeature>()!.Addresses.Last()).Port;
        var host = url.Host is "*" or "+" or "localhost" or "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host;
        return $"{url.Scheme}://{host}:{port}";
    }
}
