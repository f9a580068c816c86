namespace Hype.Cluster.Tests.Testing;

/// <summary>One line of the cluster's <c>endpoints</c> file.</summary>
/// <param name="Name">As <c>deploy/local/cluster</c> calls it: <c>gateway-1</c>.</param>
/// <param name="Url">Where it serves; null: nowhere that a client needs.</param>
/// <param name="GrpcUrl">Where media nodes register, or where a node takes its orders.</param>
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
