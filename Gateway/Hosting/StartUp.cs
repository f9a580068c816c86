using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

internal static class StartUp
{
    public const int InvalidConfiguration = 1;
    public const int CannotListen = 2;

    /// <summary>
    /// Runs until the process is told to stop. Configuration errors are all listed, without a stack trace, before anything
    /// is started. Returns the exit code.
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

        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await errors.WriteLineAsync($"{exception.Message} Stop the other process, or set another Hype:Gateway:Url, MetricsUrl or GrpcUrl.");
            return CannotListen;
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
