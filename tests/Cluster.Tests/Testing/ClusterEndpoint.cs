namespace Hype.Cluster.Tests.Testing;

/// <summary>One line of the cluster's <c>endpoints</c> file.</summary>
/// <param name="Name">The name that <c>deploy/local/cluster</c> uses: <c>gateway-1</c>.</param>
/// <param name="Url">The address for clients; null: none.</param>
/// <param name="GrpcUrl">The address for registration, or for a node's orders.</param>
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
