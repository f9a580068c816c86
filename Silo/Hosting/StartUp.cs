using System.Net;
using Hype.Silo.Clustering;
using Hype.Silo.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Hosting;

/// <summary>For the silo as a process of its own; inside a gateway the gateway explains.</summary>
internal static class StartUp
{
    public const int InvalidConfiguration = 1;
    public const int CannotListen = 2;
    public const int NoDatabase = 3;
    public const int NoCluster = 4;

    /// <summary>
    /// Runs until the process is told to stop. Configuration errors and ports that are taken are all listed, without a stack
    /// trace, before anything is started; a database that is not as this version needs it is named in one sentence. Returns the exit code.
    /// </summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, TextWriter errors)
    {
        var wrong = ConfigurationErrors(app.Services);
        if (wrong.Count > 0)
        {
            await errors.WriteLineAsync($"The configuration has {wrong.Count} {(wrong.Count == 1 ? "error" : "errors")}; nothing was started:");
            foreach (var error in wrong)
                await errors.WriteLineAsync($"  {error}");
            return InvalidConfiguration;
        }

        var taken = Ports(app.Services.GetRequiredService<IOptions<SiloOptions>>().Value).Errors;
        if (taken.Count > 0)
        {
            await errors.WriteLineAsync("The silo cannot listen; nothing was started:");
            foreach (var error in taken)
                await errors.WriteLineAsync($"  {error}");
            return CannotListen;
        }

        if (!ClusterOptions.IsEmbedded(app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Provider)
            && await DatabaseErrorAsync(app.Services.GetRequiredService<PostgreSqlGrainDatabase>()) is { } sentence)
        {
            await errors.WriteLineAsync(sentence);
            return NoDatabase;
        }

        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // Taken since.
            await errors.WriteLineAsync($"{exception.Message} Stop the other process, or set another {SiloOptions.Section}:{nameof(SiloOptions.Url)}.");
            return CannotListen;
        }
        catch (Exception exception) when (exception is OrleansException or StackExchange.Redis.RedisException)
        {
            await errors.WriteLineAsync($"The silo could not join its cluster: {exception.Message}");
            return NoCluster;
        }
    }

    private static PortCheck Ports(SiloOptions silo)
    {
        var listen = silo.ListenOnAll ? IPAddress.Any : IPAddress.Parse(silo.AdvertisedAddress);
        return new PortCheck()
            .Web($"{SiloOptions.Section}:{nameof(silo.Url)}", silo.Url)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.SiloPort)}", listen, silo.SiloPort)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.GatewayPort)}", listen, silo.GatewayPort);
    }

    /// <summary>Null when the database is as this version needs it.</summary>
    private static async Task<string?> DatabaseErrorAsync(PostgreSqlGrainDatabase database)
    {
        try
        {
            var missing = await database.MissingAsync(CancellationToken.None);
            return missing.Length == 0
                ? null
                : $"The database {database.Place} lacks {string.Join(", ", missing)}; nothing was started: run the silo once with the argument {MigrateCommand.Name}.";
        }
        catch (NpgsqlException exception)
        {
            return $"The database {database.Place} does not let this silo in; nothing was started: {exception.Message}";
        }
    }

    private static List<string> ConfigurationErrors(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
        catch (InvalidOperationException exception)
        {
            // The binder's word for a value of the wrong kind, from options that are not ours.
            return [exception.Message];
        }
    }
}
