using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Runs coturn's own client, which opens a relay at <see cref="TurnServer"/> and sends to a peer, and returns its output.
/// </summary>
internal static class TurnClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <param name="network">The network of client and server.</param>
    /// <param name="user">The user of the credentials: each has its own quota.</param>
    /// <param name="peer">The peer's address; an echo server there answers.</param>
    /// <param name="flags">Further flags of <c>turnutils_uclient</c>.</param>
    public static async Task<string> RunAsync(NetworkNamespace network, string user, string peer, params string[] flags)
    {
        string[] family = peer.Contains(':') ? ["-x"] : [];
        await using var client = network.Start("turnutils_uclient",
            [.. flags, .. family, "-n", "2", "-W", TurnServer.Secret, "-u", user, "-e", peer, NetworkNamespace.Address]);
        await client.WaitForExitAsync(Limit);
        return client.Log;
    }
}
