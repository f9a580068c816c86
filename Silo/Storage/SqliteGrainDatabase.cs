using Microsoft.Data.Sqlite;

namespace Hype.Silo.Storage;

/// <summary>The SQLite file in which the embedded mode stores grain state.</summary>
internal sealed class SqliteGrainDatabase(string path)
{
    /// <summary>The provider name by which Orleans' AdoNet provider loads the database driver Microsoft.Data.Sqlite.</summary>
    public const string Invariant = "System.Data.SQLite";

    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Cache = SqliteCacheMode.Private }.ToString();

    /// <summary>
    /// Creates or updates the file, and turns on its write-ahead log: a write is one append, readers do not wait for it, and committed
    /// data survives the death of the process.
    /// </summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL;");
        // Each script can run repeatedly.
        foreach (var script in SqlScript.Of("sqlite"))
            Execute(connection, $"BEGIN IMMEDIATE; {script.Text} COMMIT;");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
