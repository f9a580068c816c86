using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hype.MediaNode.Control;

/// <summary>What became of a configured URL once the server listens: a port of 0 is known only then.</summary>
internal sealed class ListeningAddress(IServer server)
{
    // The server lists addresses in the order they were configured, and gRPC's is configured last.
    public string Of(string configured)
    {
        var uri = new Uri(configured);
        return uri.Port != 0 ? configured : server.Features.Get<IServerAddressesFeature>()!.Addresses.Last(address => new Uri(address).Host == uri.Host);
    }
}
