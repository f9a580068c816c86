using System.Diagnostics.CodeAnalysis;
using Hype.Clustering;
using Hype.Hosting.Options;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Storage;

/// <summary>
/// Where grain state is kept; bound from <c>Hype:Storage</c>. A cluster of its own process keeps it in SQLite, one on Redis in PostgreSQL.
/// </summary>
public sealed record StorageOptions
{
    public const string Section = "Hype:Storage";

    /// <summary>The SQLite file, relative to the content root; made when missing. Default <c>data/hype.db</c>.</summary>
    public string Path { get; init; } = "data/hype.db";

    /// <summary>
    /// Npgsql's connection string (<c>Host=…;Database=…;Username=…;Password=…</c>), several hosts with commas. Needed with
    /// <c>Redis</c>. Its <c>Timeout</c> and <c>Command Timeout</c> are 5 s when it does not say. No default.
    /// </summary>
    public string PostgreSql { get; init; } = "";

    /// <summary>Never prints the connection string, which may hold a password.</summary>
    public override string ToString() => $"StorageOptions {{ {Path} }}";
}

internal sealed class StorageOptionsValidator(IConfiguration configuration) : IValidateOptions<StorageOptions>
{
    public const string ConnectionRequirement =
        "must be a connection string with Host, Database and Username, in the form Host=…;Database=…;Username=…;Password=….";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var checks = new OptionChecks(StorageOptions.Section);
        // Asked of the text: a cluster section with an error in it must not hide the ones in this.
        if (!ClusterOptions.IsEmbedded(configuration))
        {
            checks.Require(IsConnection(options.PostgreSql), nameof(options.PostgreSql), ConnectionRequirement);
        }
        else
        {
            checks.Require(
                !string.IsNullOrWhiteSpace(options.Path) && !System.IO.Path.EndsInDirectorySeparator(options.Path),
                nameof(options.Path),
                "must name a file.");
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
            // The parser's word would repeat what it was given, and that may be a password.
            return false;
        }
    }
}
