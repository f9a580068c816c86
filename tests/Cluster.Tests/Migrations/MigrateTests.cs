using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Migrations;

/// <summary>Tests <c>Silo migrate</c> on an empty database of a real PostgreSQL server.</summary>
[Category("Cluster")]
internal sealed class MigrateTests
{
    private const string Key = "Hype__Storage__PostgreSql";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int _lastDatabase;

    [Test]
    public async Task Two_concurrent_migrations_of_one_database_both_succeed()
    {
        var database = await NewDatabaseAsync();

        // A failed process throws here, with its output.
        var said = await Task.WhenAll(MigrateAsync(database), MigrateAsync(database));

        Assert.That(said, Has.All.Contains("is up to date"));
    }

    [Test]
    public async Task Second_migration_reports_that_the_database_is_up_to_date()
    {
        var database = await NewDatabaseAsync();
        await MigrateAsync(database);

        var again = await MigrateAsync(database);

        Assert.That(again, Does.Contain("is up to date"));
    }

    /// <returns>The connection string of the new, empty database.</returns>
    private static async Task<string> NewDatabaseAsync()
    {
        var cluster = await SharedCluster.GetAsync();
        var name = $"empty_{Interlocked.Increment(ref _lastDatabase)}";
        var parts = cluster.Variables["HYPE_POSTGRES"].Split(';').Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1]);
        await ChildProcess.RunAsync(
            "psql",
            ["--host", parts["Host"], "--port", parts["Port"], "--username", parts["Username"], "--dbname", parts["Database"],
                "--no-psqlrc", "--command", $"CREATE DATABASE {name}"],
            Limit,
            environment: new Dictionary<string, string> { ["PGPASSWORD"] = parts["Password"] });
        parts["Database"] = name;
        return string.Join(';', parts.Select(part => $"{part.Key}={part.Value}"));
    }

    private static Task<string> MigrateAsync(string database) =>
        ChildProcess.RunAsync(
            "dotnet",
            [RepositoryPaths.AssemblyOf("Silo"), "migrate"],
            Limit,
            environment: new Dictionary<string, string> { [Key] = database });
}
