using Npgsql;

namespace Hype.Silo.Storage;

/// <summary>
/// The command <c>Silo migrate</c>, which migrates the database to this version. It may run repeatedly and concurrently.
/// </summary>
internal static class MigrateCommand
{
    public const string Name = "migrate";

    /// <summary>The configuration key of PostgreSQL's connection string, the only key that the command reads.</summary>
    public const string ConnectionKey = $"{StorageOptions.Section}:{nameof(StorageOptions.PostgreSql)}";

    /// <returns>0 if the database matches this version; else 1, with a sentence on <paramref name="errors"/>.</returns>
    public static async Task<int> RunAsync(
        string? connectionString, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        if (!StorageOptionsValidator.IsConnection(connectionString))
        {
            await errors.WriteLineAsync($"{ConnectionKey} {StorageOptionsValidator.ConnectionRequirement}");
            return 1;
        }

        var database = new PostgreSqlGrainDatabase(connectionString);
        try
        {
            await database.MigrateAsync(output.WriteLine, cancellationToken);
            await output.WriteLineAsync($"The database {database.Place} is up to date.");
            return 0;
        }
        catch (MigrationException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (NpgsqlException exception)
        {
            await errors.WriteLineAsync($"The database {database.Place} could not be migrated: {exception.Message}");
            return 1;
        }
    }
}
