using Microsoft.Data.Sqlite;

namespace Hype.Grains.Tests.Cluster;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hype-grains-").FullName;

    public string Database => System.IO.Path.Combine(Path, "hype.db");

    public void Dispose()
    {
        // A pooled connection holds the file open.
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
