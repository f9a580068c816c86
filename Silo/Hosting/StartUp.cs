using System.Net;
using Hype.Clustering;
using Hype.Hosting.Starting;
using Hype.Silo.Clustering;
using Hype.Silo.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Hosting;

/// <summary>Starts the silo as a separate process; in the embedded mode the gateway's start-up reports errors.</summary>
internal static class StartUp
{
    /// <summary>
    /// Runs until the process is asked to stop, or explains why it cannot start; a database that does not match this version is reported
    /// in one sentence. Returns the <see cref="ExitCode"/>.
    /// </summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, TextWriter errors)
    {
        var start = new ExplainedStart(app, "silo", errors);
        if (await start.FindObstacleAsync(Ports) is { } obstacle)
            return obstacle;
        if (!ClusterOptions.IsEmbedded(app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Provider)
            && await DatabaseErrorAsync(app.Services.GetRequiredService<PostgreSqlGrainDatabase>()) is { } sentence)
        {
            await errors.WriteLineAsync(sentence);
            return ExitCode.NoDatabase;
        }

        try
        {
            return await start.RunAsync();
        }
        catch (Exception exception) when (exception is OrleansException or StackExchange.Redis.RedisException)
        {
            await errors.WriteLineAsync($"The silo could not join its cluster: {exception.Message}");
            return ExitCode.NoCluster;
        }
    }

    private static PortCheck Ports(IServiceProvider services)
    {
        var silo = services.GetRequiredService<IOptions<SiloOptions>>().Value;
        var listen = silo.ListenOnAll ? IPAddress.Any : IPAddress.Parse(silo.AdvertisedAddress);
        return new PortCheck()
            .Web($"{SiloOptions.Section}:{nameof(silo.Url)}", silo.Url)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.SiloPort)}", listen, silo.SiloPort)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.GatewayPort)}", listen, silo.GatewayPort);
    }

    /// <summary>Returns null if the database matches this version, else a sentence about the obstacle.</summary>
    private static async Task<string?> DatabaseErrorAsync(PostgreSqlGrainDatabase database)
    {
        try
        {
            var missing = await database.MissingAsync(CancellationToken.None);
            return missing.Length == 0
                ? null
                : $"The database {database.Place} lacks {string.Join(", ", missing)}; nothing was started: run the silo once with the "
                    + $"argument {MigrateCommand.Name}.";
        }
        catch (NpgsqlException exception)
        {
            return $"The database {database.Place} does not let this silo in; nothing was started: {exception.Message}";
        }
    }
}
