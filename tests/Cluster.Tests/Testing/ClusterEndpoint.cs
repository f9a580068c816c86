namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A process of the cluster with its addresses: one line of the file <c>endpoints</c> that <c>deploy/local/cluster</c> writes.
/// </summary>
/// <param name="Name">The name that <c>deploy/local/cluster</c> uses: <c>gateway-1</c>.</param>
/// <param name="Url">The HTTP address; null if the process has none.</param>
/// <param name="GrpcUrl">The gRPC address: a gateway's for the registration of media nodes, or a media node's for node orders.</param>
internal sealed record ClusterEndpoint(string Name, Uri? Url, Uri? GrpcUrl, string Region)
{
    private const string Nothing = "-";

    public static ClusterEndpoint Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ClusterEndpoint(fields[0], UriOf(fields[1]), UriOf(fields[2]), fields[3]);
    }

    private static Uri? UriOf(string field) => field == Nothing ? null : new Uri(field, UriKind.RelativeOrAbsolute);
}
