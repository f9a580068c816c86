using System.Security.Cryptography;
using System.Text;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Checks the secret of a registering node: the join secret of the cluster, or the credential of this node alone. The credential is
/// derived from the join secret and the node's id, so gateways need no list of nodes. A node that holds only its own credential cannot
/// register under another id.
/// </summary>
internal sealed class NodeCredentials(NodeRegistryOptions options)
{
    // Other keys that are derived from the join secret have other prefixes.
    private const string Prefix = "hype node ";

    private readonly byte[] _joinSecret = Hash(options.JoinSecret);

    /// <summary>Returns whether a node with this id may register with this secret.</summary>
    public bool Admits(string nodeId, string secret)
    {
        // Both secrets are hashed first, so that the time of the comparison does not depend on their lengths.
        var hash = Hash(secret);
        var isJoinSecret = CryptographicOperations.FixedTimeEquals(_joinSecret, hash);
        var isCredential = CryptographicOperations.FixedTimeEquals(Hash(For(options.JoinSecret, nodeId)), hash);
        return isCredential || (isJoinSecret && !options.RequireNodeCredential);
    }

    /// <summary>Returns the credential of a node: HMAC-SHA256 of its id under the join secret, in lower-case hex.</summary>
    public static string For(string joinSecret, string nodeId) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(joinSecret), Encoding.UTF8.GetBytes(Prefix + nodeId)));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
