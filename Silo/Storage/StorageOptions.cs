using System.Diagnostics.CodeAnalysis;
using Hype.Clustering;
using Hype.Hosting.Options;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Storage;

/// <summary>
/// The storage of grain state; bound from <c>Hype:Storage</c>. The embedded mode uses SQLite, a cluster on Redis PostgreSQL.
/// </summary>
public sealed record StorageOptions
{
    public const string Section = "Hype:Storage";

    /// <summary>The SQLite file, relative to the content root; created if missing. Default <c>data/hype.db</c>.</summary>
    public string Path { get; init; } = "data/hype.db";

    /// <summary>
    /// Npgsql's connection string (<c>Host=…;Database=…;Username=…;Password=…</c>), several hosts with commas. Required with
    /// <c>Redis</c>. Unless set, its <c>Timeout</c> and <c>Command Timeout</c> are 5 s. No default.
    /// </summary>
    public string PostgreSql { get; init; } = "";

    /// <summary>Returns the options as text without the connection string, which may hold a password.</summary>
    public override string ToString() => $"StorageOptions {{ {Path} }}";
}

internal sealed class StorageOptionsValidator(IConfiguration configuration) : IValidateOptions<StorageOptions>
{
    public const string ConnectionRequirement =
        "must be a connection string with Host, Database and Username, in the form Host=…;Database=…;Username=…;Password=….";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var checks = new OptionChecks(StorageOptions.Section);
        // Reads the text: an error in the cluster section must not hide the errors of this one.
        if (!ClusterOptions.IsEmbedded(configuration))
        {
            checks.Require(IsConnection(options.PostgreSql), nameof(options.PostgreSql), ConnectionRequirement);
        }
        else
        {
            checks.Require(!string.IsNullOrWhiteSpace(options.Path) && !System.IO.Path.EndsInDirectorySeparator(options.Path),
                nameof(options.Path), "must name a file.");
        }

        return checks.Result();
    }

    public static bool IsConnection([NotNullWhen(true)] string? text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0, Username.Length: > 0 };
        }
        catch (ArgumentException)
        {
            // The parser's message would repeat the value, which may contain a password.
            return false;
        }
    }
}
