using Microsoft.Data.Sqlite;

namespace Hype.Grains.Tests.Testing;

/// <summary>A temporary folder for the files of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hype-grains-").FullName;

    public string Database => System.IO.Path.Combine(Path, "hype.db");

    /// <summary>Copies the database as it is at this moment, which is the state that a killed process would leave.</summary>
    /// <returns>Another database file in the same folder.</returns>
    public async Task<string> CopyDatabaseAsync()
    {
        var copy = System.IO.Path.Combine(Path, $"{Guid.NewGuid():n}.db");
        await using var connection = new SqliteConnection($"Data Source={Database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync();
        return copy;
    }

    public void Dispose()
    {
        // A pooled connection holds the file open.
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
