using Npgsql;

namespace Hype.Silo.Storage;

/// <summary>
/// The PostgreSQL database that the silos of one cluster share. Its scripts are in deploy/postgres; <c>Silo migrate</c> applies them.
/// </summary>
internal sealed class PostgreSqlGrainDatabase(string connectionString)
{
    /// <summary>The provider name by which Orleans' AdoNet provider loads the database driver Npgsql.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The number of the advisory lock that a running migration holds: "hype" in ASCII.</summary>
    private const long MigrationLock = 0x68797065;

    private const string CreateJournal = """
        CREATE TABLE IF NOT EXISTS HypeMigrations
        (
            Name varchar(200) NOT NULL PRIMARY KEY,
            Digest char(64) NOT NULL,
            AppliedAt timestamptz NOT NULL DEFAULT now()
        )
        """;

    /// <summary>
    /// The default timeout of connections and commands in seconds: an unresponsive database must not delay a channel for half a minute.
    /// </summary>
    private const int DefaultTimeout = 5;

    private readonly SqlScript[] _scripts = SqlScript.Of("postgres");

    public string ConnectionString { get; } = WithTimeouts(connectionString);

    /// <summary>The host and the name of the database, for messages: without user and password.</summary>
    public string Place { get; } = new NpgsqlConnectionStringBuilder(connectionString) is var builder
        ? $"{builder.Host}/{builder.Database}" : "";

    /// <summary>Returns the names of the scripts that the database lacks; empty if it matches this version.</summary>
    /// <exception cref="NpgsqlException">The database is unreachable, or refuses access.</exception>
    public async Task<string[]> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('hypemigrations') IS NOT NULL", connection);
        var applied = (bool)(await exists.ExecuteScalarAsync(cancellationToken))! ? await AppliedAsync(connection, cancellationToken) : [];
        return [.. _scripts.Select(script => script.Name).Where(name => !applied.ContainsKey(name))];
    }

    /// <summary>
    /// Applies the missing scripts, each in its own transaction. If several processes start at once, one applies the scripts; the others
    /// wait for it and then find no missing script.
    /// </summary>
    /// <param name="say">Receives the progress, one sentence at a time.</param>
    /// <param name="cancellationToken">Cancels between two scripts.</param>
    /// <exception cref="MigrationException">A script differs from the one applied under its name.</exception>
    /// <exception cref="NpgsqlException">The database is unreachable, refuses access, or rejects a script.</exception>
    public async Task MigrateAsync(Action<string> say, CancellationToken cancellationToken)
    {
        // The lock belongs to the session, so it is released with it in any case. Neither waiting for it nor a long script may time out.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0 }.ToString());
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, null, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        await ExecuteAsync(connection, null, CreateJournal, cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        foreach (var script in _scripts)
        {
            if (!applied.TryGetValue(script.Name, out var digest))
                await ApplyAsync(connection, script, cancellationToken);
            else if (digest != script.Digest)
                throw new MigrationException(
                    $"{script.Name} was changed after it had been applied: restore it, and put the change into a new script.");
            say($"{script.Name}: {(digest is null ? "applied" : "already applied")}");
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, SqlScript script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, transaction, script.Text, cancellationToken);
        await using var journal = new NpgsqlCommand("INSERT INTO HypeMigrations (Name, Digest) VALUES ($1, $2)", connection, transaction);
        journal.Parameters.Add(new() { Value = script.Name });
        journal.Parameters.Add(new() { Value = script.Digest });
        await journal.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<string, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT Name, Digest FROM HypeMigrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetString(0), reader.GetString(1));
        return applied;
    }

    private static string WithTimeouts(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Timeout"))
            builder.Timeout = DefaultTimeout;
        if (!builder.ShouldSerialize("Command Timeout"))
            builder.CommandTimeout = DefaultTimeout;
        builder.ApplicationName ??= "hype-silo";
        return builder.ToString();
    }
}
